/** A media node as a real process, and beside it the little of a centre that it needs: the key that grants are signed with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaPaths } from '@shouwang/protocol';
import { givesBack } from '../../../scripts/run/plan.ts';
import { freePorts } from '../ports.ts';
import { Service } from '../service.ts';
import { Viewer } from '../viewer.ts';
import { GrantSigner } from './grants.ts';

export interface NodeOptions {
  /** RTSP addresses; the cameras are `cam-1`, `cam-2`, … */
  urls: readonly string[];
  /** More variables of the node; those below stand unless named here. */
  env?: Record<string, string>;
  /** Pages that may use the node. */
  origins?: readonly string[];
}

export interface NodeHealth {
  pulled: number;
  viewers: { sessions: number; hls: number; webrtc: number };
  recorder: { ringBytes: number };
  /** Those that are pulled. */
  cameras: { bytes: number }[];
}

/** As `npm start` has it, but admission is another matter: here the machine is the limit. And no camera is pulled but for a viewer. */
const DEFAULTS: Record<string, string> = {
  ...givesBack(process.env.JEMALLOC_LIB),
  SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '100000',
  SHOUWANG_MEDIA_WEBRTC_MAX_WORKER_PERCENT: '100',
  SHOUWANG_MEDIA_HEALTH_PROBES_PER_HOUR: '0',
};

export class MediaNode {
  readonly url: string;
  readonly service: Service;
  readonly #signer: GrantSigner;
  readonly #keys: Server;
  readonly #dir: string;
  #viewers = 0;

  private constructor(url: string, service: Service, signer: GrantSigner, keys: Server, dir: string) {
    this.url = url;
    this.service = service;
    this.#signer = signer;
    this.#keys = keys;
    this.#dir = dir;
  }

  static async starts({ urls, env = {}, origins = [] }: NodeOptions): Promise<MediaNode> {
    const signer = new GrantSigner();
    const keys = createServer((_request, response) => response.end(JSON.stringify(signer.jwks)));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const dir = mkdtempSync(join(tmpdir(), 'shouwang-node-'));
    const [http = 0, webrtc = 0] = await freePorts(2);
    const cameras = urls.map((url, i) => ({ id: `cam-${i + 1}`, name: `camera ${i + 1}`, place: 'bench', area: '522328101201', url }));
    // JSON is YAML.
    writeFileSync(join(dir, 'media-server.yaml'), JSON.stringify({ cameras, http: { allowedOrigins: origins } }));
    const service = new Service({
      name: 'media-server',
      main: 'media-server/src/main.ts',
      args: ['--config', join(dir, 'media-server.yaml')],
      cwd: dir,
      logFile: join(dir, 'media-server.log'),
      env: {
        SHOUWANG_MEDIA_DATA_DIR: join(dir, 'data'),
        SHOUWANG_MEDIA_LOG_LEVEL: 'error',
        SHOUWANG_MEDIA_HTTP_PORT: String(http),
        SHOUWANG_MEDIA_WEBRTC_PORT: String(webrtc),
        SHOUWANG_MEDIA_CENTRE_JWKS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/`,
        ...DEFAULTS,
        ...env,
        NODE_OPTIONS: [DEFAULTS.NODE_OPTIONS, env.NODE_OPTIONS].filter(Boolean).join(' '),
      },
    });
    const node = new MediaNode(`http://127.0.0.1:${http}`, service, signer, keys, dir);
    try {
      await service.start();
    } catch (error) {
      await node.stops();
      throw error;
    }
    return node;
  }

  get pid(): number {
    return this.service.pid ?? 0;
  }

  /** A grant of a viewer of its own for `cam-N`. */
  grant(cameraId: string): string {
    return this.#signer.grant(cameraId, `box:b${++this.#viewers}`);
  }

  /** A viewer with a session for the camera. */
  async admits(cameraId: string): Promise<Viewer> {
    const viewer = new Viewer(this.url);
    await viewer.enters(this.grant(cameraId));
    return viewer;
  }

  async health(): Promise<NodeHealth> {
    return (await (await fetch(this.url + mediaPaths.health)).json()) as NodeHealth;
  }

  async stops(): Promise<void> {
    await this.service.stop();
    await new Promise((resolve) => {
      this.#keys.closeAllConnections();
      this.#keys.close(resolve);
    });
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
