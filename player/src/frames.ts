/** Watches whether pictures really arrive at a video element, and keeps the last one on screen. */
import type { Timers } from './timers.ts';

/** Before the first frame somebody is waiting for it; afterwards a stall is looked for this often. */
const FIRST_MS = 200;
const WATCH_MS = 2000;

export interface FrameListener {
  /** The first new frame since `watchFrames`, or since a stall. */
  onFrame(): void;
  /** No frame for `forMs`, which grows with each call. */
  onStill(forMs: number): void;
}

export interface FrameWatch {
  /** When a frame was last seen, ms since 1970. */
  lastFrameAt(): number | undefined;
  /** Whether `lastFrameAt` is told by the browser frame by frame; else it is as old as the last look. */
  readonly exact: boolean;
  stop(): void;
}

/**
 * Counts frames, as the browser presents them (requestVideoFrameCallback) or has decoded them; only where it tells neither,
 * `currentTime` has to do: in a WebRTC stream it goes on though no frame comes.
 * A hidden page presents nothing, so nothing is judged then.
 */
export function watchFrames(video: HTMLVideoElement, timers: Timers, listener: FrameListener): FrameWatch {
  let stopped = false;
  let flowing = false;
  let seen = false;
  let lastFrameAt: number | undefined;
  let since = timers.now();
  let position = positionOf(video);
  let presented = 0;
  let judged = 0;
  let asked: number | undefined;

  const onFrame = () => {
    lastFrameAt = since = timers.now();
    if (flowing) return;
    flowing = seen = true;
    listener.onFrame();
  };

  const ask = () => {
    if (stopped || typeof video.requestVideoFrameCallback !== 'function') return;
    asked = video.requestVideoFrameCallback(() => {
      presented++;
      onFrame();
      ask();
    });
  };

  const judge = () => {
    const counted = presented !== judged;
    const moved = positionOf(video) !== position && video.readyState >= 2;
    judged = presented;
    position = positionOf(video);
    if (counted && flowing) since = lastFrameAt ?? since;
    else if (counted || moved) onFrame();
    else if (typeof document !== 'undefined' && document.hidden) since = timers.now();
    else {
      flowing = false;
      listener.onStill(timers.now() - since);
    }
    if (!stopped) cancel = timers.after(seen ? WATCH_MS : FIRST_MS, judge);
  };

  let cancel = timers.after(FIRST_MS, judge);
  ask();
  return {
    lastFrameAt: () => lastFrameAt,
    exact: typeof video.requestVideoFrameCallback === 'function',
    stop: () => {
      stopped = true;
      cancel();
      // The element outlives the watch, and keeps what waits for a frame that may never come.
      if (asked !== undefined) video.cancelVideoFrameCallback(asked);
    },
  };
}

/** Something that changes when a frame comes. */
function positionOf(video: HTMLVideoElement & { webkitDecodedFrameCount?: number }): number {
  if (typeof video.getVideoPlaybackQuality === 'function') return video.getVideoPlaybackQuality().totalVideoFrames;
  return video.webkitDecodedFrameCount ?? video.currentTime;
}

/** Whose frame an element's poster is. */
const HELD = 'data-held-camera';

/** Makes the frame on screen the element's poster, so that it stays while another transport starts. */
export function holdLastFrame(video: HTMLVideoElement, cameraId: string): void {
  if (video.readyState < 2 || !video.videoWidth) return;
  try {
    const canvas = document.createElement('canvas');
    canvas.width = Math.min(video.videoWidth, 1280);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    video.poster = canvas.toDataURL('image/jpeg', 0.8);
    video.setAttribute(HELD, cameraId);
  } catch {
    // A decoder that gives no pixels away: the owner's still underneath has to do.
  }
}

/** Takes a held frame away, except one of `cameraId`: a picture must never stand for another camera's. */
export function dropHeldFrame(video: HTMLVideoElement, cameraId?: string): void {
  const held = video.getAttribute(HELD);
  if (held === null || held === cameraId) return;
  video.removeAttribute('poster');
  video.removeAttribute(HELD);
}
