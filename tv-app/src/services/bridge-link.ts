/**
 * The page's end of the link to the bridge on the same box. It comes back by itself: a new token and a new socket each
 * time (the token is made at the bridge's start), and the bridge's first answer is the whole state.
 */
import type { TV_LINK_VERSION, TvCallName, TvCallParams, TvState } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from './backoff.ts';
import { LinkError, RpcClient } from './json-rpc.ts';
import type { LinkStatus, TvLink } from './tv-link.ts';

const VERSION: typeof TV_LINK_VERSION = 1;
const ANSWER_MS = 5_000;
/** Cameras and grants go on to the centre and back. */
const CENTRE_ANSWER_MS = 15_000;
const HEARTBEAT_MS = 10_000;

/** As much of a WebSocket as is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}
export interface BridgeLinkDeps {
  /** GET /tv/token. */
  fetchToken(): Promise<string>;
  openSocket(token: string): Socket;
  clock: Clock;
  random(): number;
}

export class BridgeLink implements TvLink {
  state: TvState | undefined;
  status: LinkStatus = 'starting';
  private readonly deps: BridgeLinkDeps;
  private readonly listeners = new Set<() => void>();
  private readonly backoff: Backoff;
  private rpc: RpcClient | undefined;
  private socket: Socket | undefined;
  private cancelTimer: Cancel = () => {};
  private cancelHeartbeat: Cancel = () => {};
  /** Counts attempts: answers of an earlier one are ignored. */
  private generation = 0;
  private closed = false;
  /** bridge clock − page clock, ms. */
  private offset = 0;

  constructor(deps: BridgeLinkDeps) {
    this.deps = deps;
    this.backoff = new Backoff(400, 3_000, deps.random);
  }

  onChange(listener: () => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.connect().catch(() => {});
  }

  close(): void {
    this.closed = true;
    this.drop();
    this.cancelTimer();
  }

  bridgeNow(): number {
    return this.deps.clock.now() + this.offset;
  }

  call<N extends TvCallName>(name: N, params: TvCallParams<N>): Promise<unknown> {
    if (this.status !== 'up' || !this.rpc) return Promise.reject(new LinkError('OFFLINE', name));
    return this.rpc.call(name, params, name === 'cameras' || name === 'grants' ? CENTRE_ANSWER_MS : ANSWER_MS);
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    try {
      const token = await this.deps.fetchToken();
      if (generation !== this.generation || this.closed) return;
      this.open(generation, token);
    } catch {
      if (generation === this.generation) this.lost();
    }
  }

  private open(generation: number, token: string): void {
    const socket = this.deps.openSocket(token);
    const rpc = new RpcClient({
      send: (text) => socket.send(text),
      clock: this.deps.clock,
      onNotification: (m) => {
        if (generation === this.generation && m.method === 'state') this.take(m.params);
      },
    });
    this.socket = socket;
    this.rpc = rpc;
    // A socket that never opens and never closes would wait for ever.
    this.cancelTimer = this.deps.clock.after(ANSWER_MS, () => generation === this.generation && this.lost());
    socket.onmessage = (event) => {
      if (generation === this.generation && typeof event.data === 'string') rpc.receive(event.data);
    };
    socket.onclose = () => {
      if (generation === this.generation) this.lost();
    };
    socket.onopen = () => {
      this.cancelTimer();
      this.hello(generation, rpc);
    };
  }

  /** Asks for the state: at the start, and again and again as a heartbeat; no answer means the link is lost. */
  private hello(generation: number, rpc: RpcClient): void {
    rpc.call('hello', { version: VERSION }, ANSWER_MS).then(
      (result) => {
        if (generation !== this.generation) return;
        this.backoff.reset();
        this.take(result as TvState);
        this.cancelHeartbeat = this.deps.clock.after(HEARTBEAT_MS, () => this.hello(generation, rpc));
      },
      () => {
        if (generation === this.generation) this.lost();
      },
    );
  }

  private take(state: TvState): void {
    this.offset = state.now - this.deps.clock.now();
    this.state = state;
    this.status = 'up';
    this.changed();
  }

  private lost(): void {
    this.drop();
    if (this.closed) return;
    const was = this.status;
    // A gesture is the bridge's to recognise: with the bridge gone there is none.
    if (this.state?.gesture) this.state = { ...this.state, gesture: undefined };
    this.status = 'lost';
    this.cancelTimer = this.deps.clock.after(this.backoff.next(), () => this.start());
    if (was !== 'lost') this.changed();
  }

  private drop(): void {
    this.generation++;
    this.cancelTimer();
    this.cancelHeartbeat();
    this.rpc?.fail();
    this.rpc = undefined;
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  private changed(): void {
    for (const listener of Array.from(this.listeners)) listener();
  }
}
