/** Cameras that nobody watches are pulled for a moment now and then, one after the other, so that the watch sees them: so many an hour. */
import type { Camera } from '../config.ts';
import type { Subscription } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';

export interface ProbeOptions {
  hubs: Pick<Hubs, 'get' | 'all'>;
  cameras: readonly Pick<Camera, 'id' | 'url'>[];
  /** Whether what it takes to pull the camera at this address can be spared; always, where not given. */
  canSpare?: ((url: string) => boolean) | undefined;
  clock: Clock;
  /** 0: none. */
  perHour: number;
}

/** From its first picture on: long enough for a frozen one to be told. */
const LOOK_MS = 24_000;
/** Until then: that a source must be coded anew takes 20 s to see. */
const PATIENCE_MS = 30_000;
const HOUR_MS = 3_600_000;

export class Probe {
  readonly #o: ProbeOptions;
  #next = 0;
  #cancel: Cancel = () => {};
  #looking: { subscription: Subscription; seen: boolean; cancel: Cancel } | undefined;

  constructor(options: ProbeOptions) {
    this.#o = options;
  }

  start(): void {
    const { clock, perHour, cameras } = this.#o;
    if (perHour > 0 && cameras.length > 0) this.#cancel = every(clock, HOUR_MS / perHour, () => this.#probe());
  }

  close(): void {
    this.#cancel();
    this.#stop();
  }

  #probe(): void {
    const { hubs, cameras, canSpare, clock } = this.#o;
    if (this.#looking) return;
    const pulled = new Set(hubs.all().map((h) => h.cameraId));
    for (let i = 0; i < cameras.length; i++) {
      const { id, url } = cameras[this.#next++ % cameras.length]!;
      if (pulled.has(id) || canSpare?.(url) === false) continue;
      const subscription = hubs.get(id).subscribe({ onPicture: () => this.#sees() });
      this.#looking = { subscription, seen: false, cancel: clock.after(PATIENCE_MS, () => this.#stop()) };
      return;
    }
  }

  #sees(): void {
    const looking = this.#looking;
    if (!looking || looking.seen) return;
    looking.seen = true;
    looking.cancel();
    looking.cancel = this.#o.clock.after(LOOK_MS, () => this.#stop());
  }

  #stop(): void {
    this.#looking?.cancel();
    this.#looking?.subscription.close();
    this.#looking = undefined;
  }
}
