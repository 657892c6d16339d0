/**
 * Hop Ⓑ: one per camera. Pulls the camera once, and only while somebody subscribes (and a linger after that), and hands
 * every picture to every subscriber. A new subscriber is given the pictures since the last key frame.
 */
import { CodedError, type ErrorCode } from '@shouwang/protocol';
import type { AccessUnit, AudioFrame, AudioTrack, CameraSource, DownPhase, SourceHealth, VideoTrack } from '../ingest/access-unit.ts';
import { hasBSlice } from '../ingest/h264/slice.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { BitrateMeter } from './bitrate.ts';
import { Gop } from './gop.ts';

/** Main stream, or the smaller one that many cameras send beside it. */
export type Quality = 'main' | 'sub';

/**
 * `idle`: not pulled; `connecting`: no picture yet; `live`; `degraded`: too much is lost on the way; `silent`: connected, and
 * nothing comes, or no picture; `refused`: the camera said no; `down`: lost or out of reach. The last two are tried again later.
 */
export interface HubState {
  phase: 'idle' | 'connecting' | 'live' | 'degraded' | 'silent' | 'refused' | 'down';
  why?: ErrorCode;
  /** For the operator; holds no address and no password. */
  detail?: string;
}

export interface HubSubscriber {
  onPicture(picture: AccessUnit): void;
  onAudio?(frame: AudioFrame): void;
  /** The camera is lost; pictures may go on later, from a key frame, with another `track.run`. */
  onDown?(error: CodedError): void;
}

export interface Subscription {
  /** Pictures since the last key frame, at the moment of subscribing; `onPicture` goes on after the last of them. */
  gop: readonly AccessUnit[];
  close(): void;
}

export interface HubOptions {
  cameraId: string;
  /** `main` unless said. */
  quality?: Quality;
  source: CameraSource;
  clock: Clock;
  log: Log;
  /** How long to go on pulling when nobody watches any more. */
  lingerMs: number;
  /** It has begun to pull; it has stopped and taken leave of the camera. */
  onPulled?: (hub: Hub, pulled: boolean) => void;
}

interface Waiter {
  resolve(): void;
  reject(error: CodedError): void;
  test: () => boolean;
}

const IDLE: HubState = { phase: 'idle' };
const LIVE: HubState = { phase: 'live' };

/** A camera with B frames has mostly shown some among so many. */
const ENOUGH_FOR_ORDER = 16;

export class Hub {
  readonly cameraId: string;
  readonly quality: Quality;
  readonly #o: HubOptions;
  readonly #subscribers = new Set<HubSubscriber>();
  /** Hear everything, and are no reason to pull. */
  readonly #observers = new Set<HubSubscriber>();
  readonly #waiters = new Set<Waiter>();
  readonly #gop = new Gop();
  readonly #bitrate = new BitrateMeter();
  #state: HubState = IDLE;
  #track: VideoTrack | undefined;
  #audioTrack: AudioTrack | undefined;
  #soundComing = false;
  #health: SourceHealth | undefined;
  #error: CodedError | undefined;
  /** Pictures since the track came, the presentation time of the last, and after how many the last step back was. */
  #seen = 0;
  #lastTicks = Number.NEGATIVE_INFINITY;
  #steppedBackAt = Number.NEGATIVE_INFINITY;
  #reorders = false;
  #cancelLinger: Cancel = () => {};
  #stopping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HubOptions) {
    this.#o = options;
    this.cameraId = options.cameraId;
    this.quality = options.quality ?? 'main';
  }

  get state(): HubState {
    return this.#state;
  }

  get viewers(): number {
    return this.#subscribers.size;
  }

  get counters() {
    return this.#o.source.counters;
  }

  /** Measured, Mbit/s; undefined while too little was seen. */
  get mbit(): number | undefined {
    return this.#bitrate.mbit;
  }

  get track(): VideoTrack | undefined {
    return this.#track;
  }

  /** Of the sound, where the camera sends some that we can carry. */
  get audioTrack(): AudioTrack | undefined {
    return this.#audioTrack;
  }

  /** The camera sends sound, whether `audioTrack` is known yet or not. */
  get hasSound(): boolean {
    return this.#soundComing || this.#audioTrack !== undefined;
  }

  /** Pictures since the newest key frame; empty while there is none. */
  get gop(): readonly AccessUnit[] {
    return this.#gop.pictures;
  }

  /** The newest key frame that is here. */
  get keyPicture(): AccessUnit | undefined {
    return this.#gop.pictures[0];
  }

  /** Whether pictures are shown in another order than they come (B frames); undefined while too few were seen. */
  get reorders(): boolean | undefined {
    return this.#reorders || (this.#seen >= ENOUGH_FOR_ORDER ? false : undefined);
  }

  subscribe(subscriber: HubSubscriber): Subscription {
    if (this.#closed) throw new CodedError('CAMERA_OFFLINE', 'shutting down');
    this.#cancelLinger();
    this.#subscribers.add(subscriber);
    this.#pull();
    return {
      gop: [...this.#gop.pictures],
      close: () => {
        if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.#linger();
      },
    };
  }

  /** Hears what others have the camera pulled for. Returns how to leave. */
  observe(observer: HubSubscriber): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Waits for the parameter sets; needs a subscription to get anywhere. Throws CAMERA_OFFLINE or CODEC_UNSUPPORTED. */
  async waitForTrack(ms: number): Promise<VideoTrack> {
    await this.#wait(() => this.#track !== undefined, ms);
    return this.#track!;
  }

  /** Waits for a key frame to be here. Throws as `waitForTrack`. */
  async waitForKey(ms: number): Promise<AccessUnit> {
    await this.#wait(() => this.keyPicture !== undefined, ms);
    return this.keyPicture!;
  }

  /** Waits until `audioTrack` is known, where the camera sends sound; for no longer than `ms`. */
  async waitForSound(ms: number): Promise<void> {
    await this.#wait(() => this.#audioTrack !== undefined || !this.#soundComing, ms).catch(() => {});
  }

  /** Stops pulling whoever watches. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLinger();
    this.#subscribers.clear();
    this.#observers.clear();
    this.#stop();
    await this.#stopping;
  }

  #pull(): void {
    if (this.#state.phase !== 'idle') return;
    this.#set({ phase: 'connecting' });
    this.#o.onPulled?.(this, true);
    this.#o.source.start({
      onTrack: (track) => {
        this.#track = track;
        this.#gop.clear();
        this.#seen = 0;
        this.#lastTicks = Number.NEGATIVE_INFINITY;
        this.#steppedBackAt = Number.NEGATIVE_INFINITY;
        this.#reorders = false;
        if (this.#lost && !this.#wasSilent) this.#set({ phase: 'connecting' });
        this.#error = undefined;
        this.#settle();
      },
      onPicture: (picture) => this.#picture(picture),
      onSoundComing: () => {
        this.#soundComing = true;
      },
      onAudioTrack: (track) => {
        this.#audioTrack = track;
        this.#settle();
      },
      onAudio: (frame) => this.#tell((s) => s.onAudio?.(frame)),
      onHealth: (health) => this.#feels(health),
      onDown: (error, _retryInMs, phase) => this.#down(error, phase),
    });
  }

  /** Connected once more to a camera that sent nothing: it may go on so. */
  get #wasSilent(): boolean {
    return this.#state.phase === 'silent' && this.#state.why !== undefined;
  }

  get #lost(): boolean {
    return this.#error !== undefined;
  }

  #feels(health: SourceHealth): void {
    this.#health = health;
    // Live it is with its first picture.
    if (health.phase !== 'live' || this.keyPicture !== undefined) this.#set(health);
    else if (!this.#wasSilent) this.#set({ ...health, phase: 'connecting' });
  }

  #picture(picture: AccessUnit): void {
    const { phase } = this.#state;
    if (phase !== 'live' && phase !== 'degraded') this.#set(this.#health?.phase === 'silent' ? LIVE : (this.#health ?? LIVE));
    this.#bitrate.add(picture.bytes, picture.arrivedAt);
    this.#gop.add(picture);
    this.#seen++;
    if (picture.ticks < this.#lastTicks) {
      // To a B picture, once is enough: an encoder that makes few makes them far apart. To any other it was a clock that was corrected,
      // unless it soon happens again. What the SPS allows is no help: cameras that never reorder allow it too.
      if (isB(picture) || this.#seen - this.#steppedBackAt <= ENOUGH_FOR_ORDER) this.#reorders = true;
      this.#steppedBackAt = this.#seen;
    }
    this.#lastTicks = picture.ticks;
    this.#tell((s) => s.onPicture(picture));
    if (picture.key) this.#settle();
  }

  #tell(what: (subscriber: HubSubscriber) => void): void {
    for (const s of [...this.#observers, ...this.#subscribers]) {
      try {
        what(s);
      } catch (error) {
        // One viewer's trouble is not the others'.
        this.#o.log.error({ err: error }, 'a subscriber failed on what the camera sent');
      }
    }
  }

  #down(error: CodedError, phase: DownPhase = 'down'): void {
    this.#forget();
    this.#error = error;
    this.#set({ phase, why: error.code, ...(error.detail ? { detail: error.detail } : {}) });
    for (const s of [...this.#observers, ...this.#subscribers]) s.onDown?.(error);
    this.#settle();
  }

  #linger(): void {
    this.#cancelLinger();
    this.#cancelLinger = this.#o.clock.after(this.#o.lingerMs, () => this.#stop());
  }

  #stop(): void {
    if (this.#state.phase === 'idle') return;
    this.#forget();
    this.#error = undefined;
    this.#set(IDLE);
    this.#settle(new CodedError('CAMERA_OFFLINE', 'no longer watched'));
    this.#stopping = this.#o.source.stop().then(() => {
      if (this.#state.phase === 'idle') this.#o.onPulled?.(this, false);
    });
  }

  #forget(): void {
    this.#gop.clear();
    this.#bitrate.reset();
    this.#track = undefined;
    this.#audioTrack = undefined;
    this.#soundComing = false;
    this.#health = undefined;
  }

  #set(state: HubState): void {
    this.#o.log.debug({ from: this.#state.phase, to: state.phase }, 'camera');
    this.#state = state;
  }

  #wait(test: () => boolean, ms: number): Promise<void> {
    if (test()) return Promise.resolve();
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        test,
        resolve: () => done(resolve),
        reject: (error) => done(() => reject(error)),
      };
      const cancel = this.#o.clock.after(ms, () => waiter.reject(new CodedError('CAMERA_OFFLINE', 'no picture in time')));
      const done = (settle: () => void) => {
        cancel();
        this.#waiters.delete(waiter);
        settle();
      };
      this.#waiters.add(waiter);
    });
  }

  #settle(error: CodedError | undefined = this.#error): void {
    for (const w of [...this.#waiters]) {
      if (w.test()) w.resolve();
      else if (error) w.reject(error);
    }
  }
}

function isB({ nals, track }: AccessUnit): boolean {
  return track.codec === 'h264' && hasBSlice(nals);
}
