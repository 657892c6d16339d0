/** Stand-ins for a browser: a clock that tests move, a video element, WebRTC, hls.js and a media node. */
import { ERRORS, type ErrorCode } from '@shouwang/protocol';
import type { HlsModule } from '../hls.ts';
import type { Http, HttpAnswer, HttpInit } from '../http.ts';
import type { Timers } from '../timers.ts';
import type { PeerConnectionMaker } from '../whep.ts';

export class FakeTimers implements Timers {
  time = 1_000_000;
  #queue: Array<{ at: number; fn: () => void }> = [];
  now() {
    return this.time;
  }
  random() {
    return 1;
  }
  after(ms: number, fn: () => void) {
    const entry = { at: this.time + ms, fn };
    this.#queue.push(entry);
    return () => {
      this.#queue = this.#queue.filter((e) => e !== entry);
    };
  }
  get pending() {
    return this.#queue.length;
  }
  /** Lets `ms` pass, timers firing in order, promises settling after each. */
  async pass(ms: number) {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const next = this.#queue.filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#queue = this.#queue.filter((e) => e !== next);
      this.time = Math.max(this.time, next.at);
      next.fn();
      await settle();
    }
    this.time = end;
  }
}

/** Lets every promise that can settle do so. */
export async function settle() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export class FakeVideo {
  currentTime = 0;
  playbackRate = 1;
  readyState = 0;
  videoWidth = 0;
  clientWidth = 0;
  parentElement: HTMLElement | null = null;
  paused = true;
  muted = false;
  autoplay = false;
  /** How often it has dropped what it had, to load anew. */
  loads = 0;
  #srcObject: unknown = null;
  attributes: Record<string, string> = {};
  frames = 0;
  src = '';
  error: { code: number } | null = null;
  /** Types that the box's own player takes. */
  plays: string[] = [];
  #onFrame = new Map<number, () => void>();
  #asked = 0;
  #listeners: Record<string, () => void> = {};
  get srcObject() {
    return this.#srcObject;
  }
  /** Loads, whatever it is set to (HTML, 4.8.11.2). */
  set srcObject(value) {
    this.#srcObject = value;
    this.load();
  }
  canPlayType(type: string) {
    return this.plays.includes(type) ? 'maybe' : '';
  }
  addEventListener(name: string, listener: () => void) {
    this.#listeners[name] = listener;
  }
  removeEventListener(name: string) {
    delete this.#listeners[name];
  }
  get listening() {
    return Object.keys(this.#listeners);
  }
  /** An event of the element's own player. */
  says(name: string) {
    this.#listeners[name]?.();
  }
  setAttribute(name: string, value: string) {
    this.attributes[name] = value;
  }
  getAttribute(name: string) {
    return this.attributes[name] ?? null;
  }
  removeAttribute(name: string) {
    if (name === 'src') this.src = '';
    delete this.attributes[name];
  }
  play() {
    this.paused = false;
    return Promise.resolve();
  }
  load() {
    this.loads++;
    this.readyState = 0;
  }
  requestVideoFrameCallback(fn: () => void) {
    this.#onFrame.set(++this.#asked, fn);
    return this.#asked;
  }
  cancelVideoFrameCallback(handle: number) {
    this.#onFrame.delete(handle);
  }
  /** How many wait for a frame. */
  get awaiting() {
    return this.#onFrame.size;
  }
  getVideoPlaybackQuality() {
    return { totalVideoFrames: this.frames };
  }
  /** A new frame is on screen. */
  presents() {
    this.frames++;
    this.readyState = 4;
    this.currentTime += 0.04;
    const asked = [...this.#onFrame.values()];
    this.#onFrame.clear();
    for (const fn of asked) fn();
  }
  get element() {
    return this as unknown as HTMLVideoElement;
  }
}

export class FakePeer {
  static made: FakePeer[] = [];
  static get maker() {
    FakePeer.made = [];
    return FakePeer as unknown as PeerConnectionMaker;
  }
  static get last() {
    return FakePeer.made[FakePeer.made.length - 1]!;
  }
  iceConnectionState = 'new';
  connectionState = 'new';
  closed = false;
  remote: string | undefined;
  transceivers: unknown[] = [];
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: unknown) => void) | null = null;
  constructor() {
    FakePeer.made.push(this);
  }
  addTransceiver(kind: string, init: unknown) {
    this.transceivers.push([kind, init]);
  }
  async createOffer() {
    return { type: 'offer', sdp: 'v=0 offer' };
  }
  /** What was set, in order. */
  sets: string[] = [];
  iceServers: RTCIceServer[] = [];
  setConfiguration({ iceServers = [] }: RTCConfiguration) {
    this.sets.push('configuration');
    this.iceServers = iceServers;
  }
  async setLocalDescription() {
    this.sets.push('local');
  }
  async setRemoteDescription(description: { sdp: string }) {
    this.sets.push('remote');
    this.remote = description.sdp;
    this.ontrack?.({ streams: [{ id: 'stream' }], track: {} });
  }
  /** Of RTP, received. */
  packets = 0;
  async getStats() {
    return [
      { type: 'candidate-pair', packetsReceived: 7 },
      { type: 'inbound-rtp', packetsReceived: this.packets },
    ];
  }
  close() {
    this.closed = true;
  }
  ice(state: string) {
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }
}

export class FakeHls {
  static made: FakeHls[] = [];
  static supported = true;
  static isSupported() {
    return FakeHls.supported;
  }
  static get last() {
    return FakeHls.made[FakeHls.made.length - 1]!;
  }
  static get load() {
    FakeHls.made = [];
    return async () =>
      ({
        default: FakeHls,
        Events: { ERROR: 'hlsError', MANIFEST_PARSED: 'hlsManifestParsed', FRAG_BUFFERED: 'hlsFragBuffered' },
        ErrorTypes: { NETWORK_ERROR: 'networkError', MEDIA_ERROR: 'mediaError' },
        ErrorDetails: { BUFFER_STALLED_ERROR: 'bufferStalledError', MANIFEST_INCOMPATIBLE_CODECS_ERROR: 'manifestIncompatibleCodecsError' },
      }) as unknown as HlsModule;
  }
  config: { xhrSetup(xhr: unknown, url: string): void };
  source: string | undefined;
  destroyed = false;
  startLoads = 0;
  recoveries = 0;
  liveSyncPosition: number | null = 42;
  playingDate: Date | null = null;
  latency = 0;
  targetLatency = 1;
  latestLevelDetails: { partHoldBack: number } | undefined;
  #listeners: Record<string, (event: string, data: unknown) => void> = {};
  constructor(config: never) {
    this.config = config;
    FakeHls.made.push(this);
  }
  on(event: string, listener: (event: string, data: unknown) => void) {
    this.#listeners[event] = listener;
  }
  emit(event: string, data: unknown) {
    this.#listeners[event]?.(event, data);
  }
  error(data: { fatal: boolean; type?: string; details?: string; response?: { code: number }; networkDetails?: unknown }) {
    this.emit('hlsError', { type: 'networkError', details: 'fragLoadError', ...data });
  }
  attachMedia() {}
  loadSource(url: string) {
    this.source = url;
  }
  startLoad() {
    this.startLoads++;
  }
  recoverMediaError() {
    this.recoveries++;
  }
  destroy() {
    this.destroyed = true;
  }
}

export interface Asked extends HttpInit {
  url: string;
}

/** A media node: answers by `METHOD path`, remembers what was asked. An `Error` as the answer means that none came. */
export class FakeNode {
  asked: Asked[] = [];
  answers: Record<string, () => HttpAnswer | Error> = {};
  http: Http = async (url, init = {}) => {
    this.asked.push({ url, ...init });
    const key = `${init.method ?? 'GET'} ${url.replace('http://media.test', '')}`;
    const answer = this.answers[key]?.() ?? refuse('NOT_FOUND');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  count(start: string) {
    return this.asked.filter((a) => `${a.method ?? 'GET'} ${a.url}`.indexOf(start.replace(' ', ' http://media.test')) === 0).length;
  }
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
    blob: async () => new Blob([text]),
  };
}

export function refuse(code: ErrorCode): HttpAnswer {
  return answer(ERRORS[code].status, { code, message: ERRORS[code].zh, retry: ERRORS[code].retry });
}
