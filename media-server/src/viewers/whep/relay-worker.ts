/** One mediasoup worker: a process with its WebRTC port and a router for each payload type that viewers offer. Comes back by itself. */
import { CodedError } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import type { MediaConfig } from '../../config.ts';
import { Backoff } from '../../ingest/backoff.ts';
import { type Cancel, type Clock, every, within } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type PayloadTypes, routerCodecs } from './codecs.ts';
import { listenInfos } from './listen-infos.ts';

export type Mediasoup = typeof import('mediasoup');

export interface RelayWorkerOptions {
  /** 0 for the first; added to the configured port. */
  index: number;
  config: MediaConfig['webrtc'];
  /** Empty: the package's own. */
  bin: string;
  mediasoup: Mediasoup;
  clock: Clock;
  log: Log;
  /** It is gone with everything in it; it is started again by itself. */
  onDied(): void;
}

/** A router with the transport that cameras are fed into. */
export interface RelayRouter {
  worker: RelayWorker;
  router: types.Router;
  input: types.DirectTransport;
  /** Hears key frame requests for a feed, by the feed's SSRC. */
  keyAsked: Map<number, () => void>;
}

/** A worker of another version than the JavaScript starts, but never says so. */
const START_MS = 10_000;
/** How often it is asked how busy it is, at least, and one question at a time; what it says is measured over no less than `LOAD_MS`. */
const ASK_MS = 500;
const LOAD_MS = 4000;
/**
 * Pictures and requests go to it through one queue: when an answer takes so long, it is given more than it takes in. Counted in turns of asking,
 * `ASK_MS` each, between which answers are read: what this process sleeps itself is not the worker's fault.
 */
const LATE_TURNS = 2;
/**
 * What it was given and has not taken in is memory of ours, a piece for each packet. Beyond so many bytes pictures wait outside, where they are
 * kept anyway.
 */
const FULL_BYTES = 1024 * 1024;
/** It is also asked whenever it was given so much: its answer says that it has got so far. */
const ASK_BYTES = FULL_BYTES / 8;
/** One that answers nothing for so long hangs, and is replaced; one that is merely late keeps its viewers. */
const HANGS_TURNS = 24;

export class RelayWorker {
  readonly #o: RelayWorkerOptions;
  readonly #backoff = new Backoff({ firstMs: 200, maxMs: 30_000, random: Math.random });
  #worker: types.Worker | undefined;
  #server: types.WebRtcServer | undefined;
  #routers = new Map<string, Promise<RelayRouter>>();
  #cancelRestart: Cancel = () => {};
  #cancelCheck: Cancel = () => {};
  #closed = false;
  /** For how many turns the question that was asked waits for its answer, and for how many the one before waited. */
  #waits: number | undefined;
  #waited = 0;
  /** Bytes of pictures that it was given; how many when it was asked last, and when the question was asked that it answered last. */
  #given = 0;
  #givenAsked = 0;
  #givenAnswered = 0;
  /** For how many turns it has been full. */
  #fullTurns = 0;
  #usedMs: { at: number; ms: number } | undefined;
  #percent = 0;

  constructor(options: RelayWorkerOptions) {
    this.#o = options;
  }

  get index(): number {
    return this.#o.index;
  }

  get up(): boolean {
    return this.#server !== undefined;
  }

  /** Of the process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  /** How busy it was lately, % of a core. */
  get percent(): number {
    return this.#percent;
  }

  /** It is behind with what it is given. */
  get late(): boolean {
    return Math.max(this.#waits ?? 0, this.#waited, this.#fullTurns) >= LATE_TURNS;
  }

  /** It has as much before it as it may have: what there is to give it has to wait. */
  get full(): boolean {
    return this.#given - this.#givenAnswered >= FULL_BYTES;
  }

  /** It was given so many bytes. */
  gave(bytes: number): void {
    this.#given += bytes;
    this.#askAgain();
  }

  /** Throws WHEP_REFUSED while it does not run. */
  get server(): types.WebRtcServer {
    if (!this.#server) throw new CodedError('WHEP_REFUSED', 'the worker is being replaced');
    return this.#server;
  }

  /** The router that sends with these payload types: mediasoup's consumers use their router's, the answer must use the offer's. Throws WHEP_REFUSED. */
  router(types: PayloadTypes): Promise<RelayRouter> {
    const key = `${types.h264} ${types.opus}`;
    let router = this.#routers.get(key);
    if (!router) {
      router = this.#makeRouter(types);
      this.#routers.set(key, router);
      router.catch(() => this.#routers.delete(key));
    }
    return router;
  }

  /** Starts the process. Throws PORT_BUSY, or an Error that says what is missing. */
  async start(): Promise<{ udp: string[]; tcp: string[] }> {
    const { index, config, bin, mediasoup, clock, log } = this.#o;
    const making = mediasoup.createWorker({ logLevel: 'warn', ...(bin ? { workerBin: bin } : {}) });
    const slow = () => new Error(`the mediasoup worker does not answer: is it version ${mediasoup.version}?`);
    const worker = await within(clock, START_MS, making, slow).catch((error: unknown) => {
      // One that comes too late is not left running.
      making.then(end, () => {});
      throw error;
    });
    const port = config.port === 0 ? 0 : config.port + index;
    let server: types.WebRtcServer;
    try {
      server = await within(clock, START_MS, worker.createWebRtcServer({ listenInfos: listenInfos({ ...config, port }) }), hangs);
    } catch (error) {
      end(worker);
      if (/address already in use|EADDRINUSE/i.test(String(error)))
        throw new CodedError(
          'PORT_BUSY',
          `media-server: ${config.host}:${port} (WebRTC) is in use; change webrtc.port (SHOUWANG_MEDIA_WEBRTC_PORT)`,
          { cause: error },
        );
      throw error;
    }
    if (this.#closed) {
      end(worker);
      throw new Error('closed meanwhile');
    }
    this.#worker = worker;
    this.#server = server;
    worker.on('died', (error) => this.#lost(worker, error.message));
    this.#cancelCheck = every(clock, ASK_MS, () => this.#check(worker));
    const { udpSockets, tcpServers } = await server.dump();
    const shown = (list: { ip: string; port: number }[]) => list.map(({ ip, port: p }) => `${ip}:${p}`);
    log.info({ worker: index, pid: worker.pid, udp: shown(udpSockets), tcp: shown(tcpServers) }, 'WebRTC is ready');
    return { udp: shown(udpSockets), tcp: shown(tcpServers) };
  }

  /** Tries to start until it runs. */
  startLater(): void {
    // One that dies while it starts says so twice.
    this.#cancelRestart();
    this.#cancelRestart = this.#o.clock.after(this.#backoff.next(), () => {
      this.start().then(
        () => this.#backoff.reset(),
        (error: Error) => {
          if (this.#closed) return;
          this.#o.log.error({ worker: this.#o.index, reason: error.message }, 'the mediasoup worker does not come back');
          this.startLater();
        },
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart();
    this.#worker?.close();
    this.#forget();
  }

  #check(worker: types.Worker): void {
    this.#fullTurns = this.full ? this.#fullTurns + 1 : 0;
    if (this.#waits === undefined) this.#ask(worker);
    else if (++this.#waits >= HANGS_TURNS) {
      end(worker);
      this.#lost(worker, 'it does not answer');
    }
  }

  #askAgain(): void {
    if (this.#worker && this.#waits === undefined && this.#given - this.#givenAsked >= ASK_BYTES) this.#ask(this.#worker);
  }

  #ask(worker: types.Worker): void {
    this.#waits = 0;
    this.#givenAsked = this.#given;
    const answered = (use: types.WorkerResourceUsage) => {
      if (this.#worker !== worker) return;
      this.#waited = this.#waits ?? 0;
      this.#waits = undefined;
      this.#givenAnswered = this.#givenAsked;
      this.#measure(use);
      this.#askAgain();
    };
    // One that dies says so by itself.
    worker.getResourceUsage().then(answered, () => {});
  }

  #measure(use: types.WorkerResourceUsage): void {
    const now = { at: this.#o.clock.now(), ms: use.ru_utime + use.ru_stime };
    const before = this.#usedMs;
    if (before && now.at - before.at < LOAD_MS) return;
    if (before) this.#percent = (100 * (now.ms - before.ms)) / (now.at - before.at);
    this.#usedMs = now;
  }

  #lost(worker: types.Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#forget();
    if (this.#closed) return;
    this.#o.log.error({ worker: this.#o.index, reason: why }, 'the mediasoup worker died; another takes its place');
    this.#o.onDied();
    this.startLater();
  }

  #forget(): void {
    this.#cancelCheck();
    this.#server = undefined;
    this.#worker = undefined;
    this.#routers = new Map();
    this.#waits = undefined;
    this.#waited = 0;
    this.#given = 0;
    this.#givenAsked = 0;
    this.#givenAnswered = 0;
    this.#fullTurns = 0;
    this.#usedMs = undefined;
    this.#percent = 0;
  }

  async #makeRouter(types: PayloadTypes): Promise<RelayRouter> {
    if (!this.#worker) throw new CodedError('WHEP_REFUSED', 'the worker is being replaced');
    const router = await this.#worker.createRouter({ mediaCodecs: routerCodecs(types) });
    const input = await router.createDirectTransport();
    const keyAsked = new Map<number, () => void>();
    input.on('rtcp', (packet) => {
      for (const ssrc of keyFrameRequests(packet)) keyAsked.get(ssrc)?.();
    });
    return { worker: this, router, input, keyAsked };
  }
}

/** Also one that hangs: it would keep the port. */
function end(worker: types.Worker): void {
  worker.close();
  try {
    process.kill(worker.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function hangs(): Error {
  return new Error('the mediasoup worker does not answer');
}

/** SSRCs for which a compound RTCP packet asks a key frame: PLI (RFC 4585, 6.3.1) and FIR (RFC 5104, 4.3.1). */
export function keyFrameRequests(packet: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 12 <= packet.length; ) {
    const format = packet[at]! & 0x1f;
    const end = at + 4 * (packet.readUInt16BE(at + 2) + 1);
    if (packet[at + 1] === 206 && format === 1) found.push(packet.readUInt32BE(at + 8));
    if (packet[at + 1] === 206 && format === 4)
      for (let entry = at + 12; entry + 8 <= Math.min(end, packet.length); entry += 8) found.push(packet.readUInt32BE(entry));
    at = end;
  }
  return found;
}
