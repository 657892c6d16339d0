/** The cameras that this household may see, nearest first, asked from the centre through the bridge and kept fresh. */
import type { CamerasResult, NearbyCamera } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from './backoff.ts';
import type { TvLink } from './tv-link.ts';

const REFRESH_MS = 30_000;

export class CameraList {
  /** Undefined until the centre has answered once; kept while it is unreachable. */
  cameras: NearbyCamera[] | undefined;
  /** The last question failed. */
  failed = false;
  private readonly link: TvLink;
  private readonly clock: Clock;
  private readonly onChange: () => void;
  private readonly backoff: Backoff;
  private cancelTimer: Cancel = () => {};
  private asking = false;
  private reachable = false;

  constructor(deps: { link: TvLink; clock: Clock; random: () => number; onChange: () => void }) {
    this.link = deps.link;
    this.clock = deps.clock;
    this.onChange = deps.onChange;
    this.backoff = new Backoff(1_000, 10_000, deps.random);
    this.link.onChange(() => this.linkChanged());
  }

  close(): void {
    this.cancelTimer();
    this.reachable = false;
  }

  /** Asks at once when the centre has become reachable. */
  private linkChanged(): void {
    const reachable = this.link.status === 'up' && this.link.state?.centre.connected === true;
    if (reachable === this.reachable) return;
    this.reachable = reachable;
    this.cancelTimer();
    if (reachable) this.ask();
  }

  private ask(): void {
    if (this.asking) return;
    this.asking = true;
    this.link.call('cameras', {}).then(
      (result) => {
        this.cameras = nearestFirst((result as CamerasResult).cameras);
        this.backoff.reset();
        this.done(false, REFRESH_MS);
      },
      () => this.done(true, this.backoff.next()),
    );
  }

  private done(failed: boolean, nextMs: number): void {
    this.asking = false;
    this.failed = failed;
    this.cancelTimer();
    if (this.reachable) this.cancelTimer = this.clock.after(nextMs, () => this.ask());
    this.onChange();
  }
}

/** Nearest first; unknown distances last; equal ones as the centre ordered them. */
export function nearestFirst(cameras: readonly NearbyCamera[]): NearbyCamera[] {
  const far = Number.MAX_SAFE_INTEGER;
  return cameras
    .map((camera, i) => ({ camera, i }))
    .sort((a, b) => (a.camera.distanceM ?? far) - (b.camera.distanceM ?? far) || a.i - b.i)
    .map(({ camera }) => camera);
}
