/**
 * Hop Ⓑ: one per camera. Pulls the camera once, and only while somebody subscribes (and a linger after that), and hands
 * every picture to every subscriber. A new subscriber is given the pictures since the last key frame.
 */
import { CodedError } from '@shouwang/protocol';
import type { AccessUnit, CameraSource, VideoTrack } from '../ingest/access-unit.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { BitrateMeter } from './bitrate.ts';
import { Gop } from './gop.ts';

/** `idle`: not pulled; `connecting`: no picture yet; `playing`; `down`: lost, tried again later. */
export type HubPhase = 'idle' | 'connecting' | 'playing' | 'down';

export interface HubSubscriber {
  onPicture(picture: AccessUnit): void;
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
  source: CameraSource;
  clock: Clock;
  log: Log;
  /** How long to go on pulling when nobody watches any more. */
  lingerMs: number;
}

interface Waiter {
  resolve(): void;
  reject(error: CodedError): void;
  test: () => boolean;
}

/** A camera with B frames has shown some among so many. */
const ENOUGH_FOR_ORDER = 16;

export class Hub {
  readonly cameraId: string;
  readonly #o: HubOptions;
  readonly #subscribers = new Set<HubSubscriber>();
  readonly #waiters = new Set<Waiter>();
  readonly #gop = new Gop();
  readonly #bitrate = new BitrateMeter();
  #phase: HubPhase = 'idle';
  #track: VideoTrack | undefined;
  #error: CodedError | undefined;
  /** Pictures since the track came, and the latest presentation time among them. */
  #seen = 0;
  #latest = Number.NEGATIVE_INFINITY;
  #reorders = false;
  #cancelLinger: Cancel = () => {};
  #stopping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HubOptions) {
    this.#o = options;
    this.cameraId = options.cameraId;
  }

  get phase(): HubPhase {
    return this.#phase;
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

  /** Stops pulling whoever watches. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLinger();
    this.#subscribers.clear();
    this.#stop();
    await this.#stopping;
  }

  #pull(): void {
    if (this.#phase !== 'idle') return;
    this.#setPhase('connecting');
    this.#o.source.start({
      onTrack: (track) => {
        this.#track = track;
        this.#gop.clear();
        this.#seen = 0;
        this.#latest = Number.NEGATIVE_INFINITY;
        this.#reorders = false;
        if (this.#phase === 'down') this.#setPhase('connecting');
        this.#settle();
      },
      onPicture: (picture) => this.#picture(picture),
      onDown: (error) => this.#down(error),
    });
  }

  #picture(picture: AccessUnit): void {
    if (this.#phase !== 'playing') this.#setPhase('playing');
    this.#bitrate.add(picture.bytes, picture.arrivedAt);
    this.#gop.add(picture);
    this.#seen++;
    if (picture.ticks < this.#latest) this.#reorders = true;
    else this.#latest = picture.ticks;
    for (const s of [...this.#subscribers]) {
      try {
        s.onPicture(picture);
      } catch (error) {
        // One viewer's trouble is not the others'.
        this.#o.log.error({ err: error }, 'a subscriber failed on a picture');
      }
    }
    if (picture.key) this.#settle();
  }

  #down(error: CodedError): void {
    this.#forget();
    this.#error = error;
    this.#setPhase('down');
    for (const s of [...this.#subscribers]) s.onDown?.(error);
    this.#settle();
  }

  #linger(): void {
    this.#cancelLinger();
    this.#cancelLinger = this.#o.clock.after(this.#o.lingerMs, () => this.#stop());
  }

  #stop(): void {
    if (this.#phase === 'idle') return;
    this.#forget();
    this.#error = undefined;
    this.#setPhase('idle');
    this.#settle(new CodedError('CAMERA_OFFLINE', 'no longer watched'));
    this.#stopping = this.#o.source.stop();
  }

  #forget(): void {
    this.#gop.clear();
    this.#bitrate.reset();
    this.#track = undefined;
  }

  #setPhase(phase: HubPhase): void {
    this.#o.log.debug({ from: this.#phase, to: phase }, 'camera');
    this.#phase = phase;
  }

  #wait(test: () => boolean, ms: number): Promise<void> {
    if (test()) return Promise.resolve();
    if (this.#phase === 'down') return Promise.reject(this.#error);
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

  #settle(error: CodedError | undefined = this.#phase === 'down' ? this.#error : undefined): void {
    for (const w of [...this.#waiters]) {
      if (w.test()) w.resolve();
      else if (error) w.reject(error);
    }
  }
}
