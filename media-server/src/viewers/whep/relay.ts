/** The mediasoup worker, its one WebRTC port, and a router for each payload type that viewers offer. */
import { accessSync, constants } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import type { MediaConfig } from '../../config.ts';
import { Backoff } from '../../ingest/backoff.ts';
import { type Cancel, type Clock, within } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { listenInfos } from './listen-infos.ts';

export interface RelayOptions {
  config: MediaConfig['webrtc'];
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  /** The worker is gone with everything in it; it is started again by itself. */
  onDied(): void;
}

/** A router with the transport that cameras are fed into. */
export interface RelayRouter {
  router: types.Router;
  input: types.DirectTransport;
}

/** A worker of another version than the JavaScript starts, but never says so. */
const START_MS = 10_000;

/** H.264 as producers, routers and consumers are told; the real profile of a camera is nobody's business but the viewer's. */
export function h264Codec(payloadType: number) {
  return {
    kind: 'video' as const,
    mimeType: 'video/H264',
    clockRate: 90_000,
    preferredPayloadType: payloadType,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
  };
}

export class Relay {
  readonly #o: RelayOptions;
  readonly #backoff = new Backoff({ firstMs: 1000, maxMs: 30_000, random: Math.random });
  #worker: types.Worker | undefined;
  #server: types.WebRtcServer | undefined;
  #routers = new Map<number, Promise<RelayRouter>>();
  #why = 'not started';
  #cancelRestart: Cancel = () => {};
  #closed = false;

  constructor(options: RelayOptions) {
    this.#o = options;
  }

  /** `ready`, or why there is no WebRTC. */
  get state(): string {
    return this.#server ? 'ready' : this.#why;
  }

  /** Starts the worker. Where there is none it says so in the log, and WHEP is refused. Throws PORT_BUSY. */
  async start(): Promise<{ udp: string[]; tcp: string[] } | null> {
    const { config, log } = this.#o;
    if (config.maxMbit === 0) {
      this.#why = 'turned off: webrtc.maxMbit is 0';
      return null;
    }
    try {
      return await this.#launch();
    } catch (error) {
      if (error instanceof CodedError && error.code === 'PORT_BUSY') throw error;
      // Paths of this machine are for the log.
      this.#why = 'the worker did not start';
      log.error(
        { reason: (error as Error).message },
        'no WebRTC: viewers get HLS. The worker is made by: npm run setup (or set MEDIASOUP_WORKER_BIN)',
      );
      return null;
    }
  }

  /** Throws WHEP_REFUSED where the worker does not run. */
  get server(): types.WebRtcServer {
    if (!this.#server) throw new CodedError('WHEP_REFUSED', this.#why);
    return this.#server;
  }

  /** The router that sends with this payload type: mediasoup's consumers use their router's, the answer must use the offer's. */
  router(payloadType: number): Promise<RelayRouter> {
    let router = this.#routers.get(payloadType);
    if (!router) {
      router = this.#makeRouter(payloadType);
      this.#routers.set(payloadType, router);
      router.catch(() => this.#routers.delete(payloadType));
    }
    return router;
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart();
    this.#worker?.close();
    this.#forget('closed');
  }

  async #launch(): Promise<{ udp: string[]; tcp: string[] }> {
    const { config, clock, log, env } = this.#o;
    const bin = config.workerBin || env.MEDIASOUP_WORKER_BIN;
    if (bin) requireExecutable(bin);
    // Loaded only here: without it, everything else works.
    const mediasoup = await import('mediasoup');
    requireExecutable(bin || mediasoup.workerBin);
    const worker = await within(
      clock,
      START_MS,
      mediasoup.createWorker({ logLevel: 'warn', ...(bin ? { workerBin: bin } : {}) }),
      () => new Error(`the mediasoup worker does not answer: is it version ${mediasoup.version}?`),
    );
    try {
      this.#server = await worker.createWebRtcServer({ listenInfos: listenInfos(config) });
    } catch (error) {
      worker.close();
      if (/address already in use|EADDRINUSE/i.test(String(error)))
        throw new CodedError(
          'PORT_BUSY',
          `media-server: ${config.host}:${config.port} (WebRTC) is in use; change webrtc.port (SHOUWANG_MEDIA_WEBRTC_PORT)`,
          { cause: error },
        );
      throw error;
    }
    this.#worker = worker;
    worker.on('died', (error) => this.#died(error));
    const { udpSockets, tcpServers } = await this.#server.dump();
    const shown = (list: { ip: string; port: number }[]) => list.map(({ ip, port }) => `${ip}:${port}`);
    log.info({ udp: shown(udpSockets), tcp: shown(tcpServers), version: mediasoup.version }, 'WebRTC is ready');
    return { udp: shown(udpSockets), tcp: shown(tcpServers) };
  }

  #died(error: Error): void {
    this.#forget('the worker died');
    if (this.#closed) return;
    this.#o.log.error({ reason: error.message }, 'the mediasoup worker died');
    this.#o.onDied();
    this.#restartLater();
  }

  #restartLater(): void {
    this.#cancelRestart = this.#o.clock.after(this.#backoff.next(), () => {
      this.#launch().then(
        () => {
          if (this.#closed) this.close();
          else this.#backoff.reset();
        },
        (error: Error) => {
          this.#o.log.error({ reason: error.message }, 'the mediasoup worker does not come back');
          if (!this.#closed) this.#restartLater();
        },
      );
    });
  }

  #forget(why: string): void {
    this.#why = why;
    this.#server = undefined;
    this.#worker = undefined;
    this.#routers = new Map();
  }

  async #makeRouter(payloadType: number): Promise<RelayRouter> {
    if (!this.#worker) throw new CodedError('WHEP_REFUSED', this.#why);
    const router = await this.#worker.createRouter({ mediaCodecs: [h264Codec(payloadType)] });
    return { router, input: await router.createDirectTransport() };
  }
}

function requireExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`there is no mediasoup worker at ${path}`);
  }
}
