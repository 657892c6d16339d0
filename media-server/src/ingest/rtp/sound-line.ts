/** Where sound lies on the line of the pictures: by the camera's own clock where it tells both, else by when both came in. */
import type { Timeline } from './timeline.ts';

export interface VideoMoment {
  ticks: number;
  pictureAt: number;
  timestamp: number;
}

/** A line is kept while it is this right, ms: sound that moves a little clicks. */
const EXACT_MS = 20;
const BY_ARRIVAL_MS = 250;
/** Clocks of one camera that differ by more than this are not one clock. */
const PLAUSIBLE_MS = 5000;

export class SoundLine {
  readonly #video: Timeline;
  readonly #audio: Timeline;
  #offset: number | undefined;
  #exact = false;

  constructor(video: Timeline, audio: Timeline) {
    this.#video = video;
    this.#audio = audio;
  }

  /** `ticks` for a moment of the sound's own line (`own`, 90 kHz), after the newest picture. `jumped`: it does not go on from before. */
  place(own: { ticks: number; pictureAt: number; timestamp: number }, picture: VideoMoment): { ticks: number; jumped: boolean } {
    const byArrival = own.pictureAt - picture.pictureAt;
    const heard = this.#audio.cameraTime(own.timestamp);
    const seen = this.#video.cameraTime(picture.timestamp);
    const byCamera = heard !== undefined && seen !== undefined ? heard - seen : undefined;
    const exact = byCamera !== undefined && Math.abs(byCamera - byArrival) < PLAUSIBLE_MS;
    const wanted = picture.ticks + (exact ? byCamera! : byArrival) * 90 - own.ticks;
    const before = this.#offset;
    const off = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(wanted - before);
    // Once exact, arrival says nothing better: only a jump of the line itself does.
    const limit = (exact ? EXACT_MS : this.#exact ? PLAUSIBLE_MS : BY_ARRIVAL_MS) * 90;
    if (off > limit) {
      this.#offset = wanted;
      this.#exact = exact;
    } else this.#exact ||= exact;
    return { ticks: Math.round(own.ticks + this.#offset!), jumped: before !== undefined && off > PLAUSIBLE_MS * 90 };
  }
}
