/**
 * Whether a video's pictures really advance: looked at twice a second, so that 实时画面 never stands over a frozen picture, nor over
 * one that a player replays from its buffer.
 */
import type { Cancel, Clock } from '../clock.ts';

const LOOK_MS = 500;
/** Without a new frame for so long the picture has stopped. */
const STOPPED_MS = 1_500;

/** As much of a video element as is looked at. */
export interface FrameSource {
  currentTime: number;
  readyState: number;
  getVideoPlaybackQuality?: () => { totalVideoFrames: number };
  webkitDecodedFrameCount?: number;
}

export class FrameWatch {
  private readonly video: FrameSource;
  private readonly clock: Clock;
  private readonly cancel: Cancel;
  private seen: string;
  private movedAt: number | undefined;
  private newest = 0;

  /** `pictureTime`: of the picture on the screen, where it is known. `onChange` is called when `advancing` changes. */
  constructor(deps: { video: FrameSource; clock: Clock; pictureTime: () => number | undefined; onChange: () => void }) {
    this.video = deps.video;
    this.clock = deps.clock;
    this.seen = mark(deps.video);
    let was = false;
    this.cancel = deps.clock.every(LOOK_MS, () => {
      const now = mark(this.video);
      const time = deps.pictureTime();
      const newer = time === undefined || time > this.newest;
      if (now !== this.seen && this.video.readyState >= 2 && newer) this.movedAt = this.clock.now();
      if (time !== undefined && newer) this.newest = time;
      this.seen = now;
      if (this.advancing === was) return;
      was = this.advancing;
      deps.onChange();
    });
  }

  get advancing(): boolean {
    return this.movedAt !== undefined && this.clock.now() - this.movedAt < STOPPED_MS;
  }

  /** When a new frame was last seen, ms since 1970. */
  get lastFrameAt(): number | undefined {
    return this.movedAt;
  }

  stop(): void {
    this.cancel();
  }
}

/** Frames counted by the decoder where the browser counts them, else the position. */
function mark(video: FrameSource): string {
  const frames = video.getVideoPlaybackQuality?.().totalVideoFrames ?? video.webkitDecodedFrameCount;
  return frames === undefined ? `t${video.currentTime}` : `f${frames}`;
}
