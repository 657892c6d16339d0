/** Stands in for a media node: still pictures and an HLS stream from a folder, no WebRTC, any grant is good. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export class FakeNode {
  /** Stills are dated so many ms back. */
  ageMs: Record<string, number> = {};
  /** What time it is there. */
  now: () => number = Date.now;
  /** Cameras that answer with an error. */
  off = new Set<string>();
  #server: Server | undefined;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': '*',
      'access-control-expose-headers': '*',
    };
    this.#server = createServer((request, response) => {
      const send = (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
        response.writeHead(status, { ...cors, ...headers }).end(body);
      if (request.method === 'OPTIONS') return send(204, '');
      const path = (request.url ?? '').split('?')[0]!;
      if (path === '/v1/sessions') {
        let body = '';
        request.on('data', (d) => {
          body += d;
        });
        request.on('end', () => {
          const cameraId = (JSON.parse(body) as { grant: string }).grant.split(':')[0]!;
          send(201, JSON.stringify({ session: `s-${cameraId}`, cameraId, expiresAt: Date.now() + 60_000, renewEveryS: 20 }));
        });
        return;
      }
      if (path.startsWith('/v1/sessions/')) return send(200, JSON.stringify({ expiresAt: Date.now() + 60_000 }));
      const [, , , cameraId = '', kind, ...rest] = path.split('/');
      if (this.off.has(cameraId)) return send(503, JSON.stringify({ code: 'CAMERA_OFFLINE', message: '', retry: true }));
      if (kind === 'still.jpg') {
        const at = this.now() - (this.ageMs[cameraId] ?? 400);
        return send(200, readFileSync(join(this.#folder, `${cameraId}.jpg`)), {
          'content-type': 'image/jpeg',
          'x-picture-time': String(at),
        });
      }
      const file = join(this.#folder, 'hls', rest.at(-1) ?? '');
      if (kind === 'hls' && existsSync(file)) return send(200, readFileSync(file), { 'content-type': 'application/octet-stream' });
      send(503, JSON.stringify({ code: kind === 'whep' ? 'WHEP_REFUSED' : 'CAMERA_OFFLINE', message: '', retry: true }));
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
