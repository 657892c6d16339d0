/** The full-screen page as it is drawn. Pure. 实时画面 appears only while frames advance; otherwise the picture's own time does. */
import type { NearbyCamera } from '@shouwang/protocol';
import type { LivePhase } from '../services/live-view.ts';
import type { StillPicture } from '../services/still-store.ts';
import { cameraText, distanceText, LIVE } from '../words.ts';
import { clockText, pastText } from './times.ts';

export interface LivePageView {
  cameraId: string;
  name: string;
  /** Place and distance. */
  place: string;
  status: { text: string; tone: 'good' | 'wait' | 'bad' };
  /** The time of the picture on the screen, while it is not live. */
  pictureNote: string;
  /** The last still, shown at once and until frames come. */
  still: StillPicture | undefined;
  /** The video has frames of this camera: it lies over the still. */
  showVideo: boolean;
  /** Who is watching, over a picture that stands; empty where it moves. */
  mark: string;
  left: boolean;
  right: boolean;
  /** The nearest other camera that works, offered where this one does not. */
  offer: { cameraId: string; text: string } | undefined;
  clock: string;
}

export interface LiveSource {
  phase: LivePhase;
  code: string | undefined;
  advancing: boolean;
  hasPicture: boolean;
  pictureAt: number | undefined;
  /** Since when nothing moves; ms since 1970. */
  waitingSince: number;
}

/** Nobody should wait longer in front of a picture that does not come. */
export const PATIENCE_MS = 8_000;

export function livePageView(
  cameras: readonly NearbyCamera[],
  index: number,
  live: LiveSource,
  still: StillPicture | undefined,
  boxId: string,
  now: number,
  /** What is known to be wrong with a camera. */
  problem: (cameraId: string) => string | undefined = () => undefined,
): LivePageView {
  const camera = cameras[index]!;
  const at = live.hasPicture ? live.pictureAt : still?.pictureAt;
  return {
    cameraId: camera.id,
    name: camera.name,
    place: [camera.place, distanceText(camera.distanceM)].filter(Boolean).join(' · '),
    status: status(live, now),
    pictureNote: live.advancing ? '' : at === undefined ? LIVE.noPicture : LIVE.lastPicture(pastText(at, now)),
    still,
    showVideo: live.hasPicture,
    // Over a picture that moves the player draws a mark of its own, with the time.
    mark: live.advancing ? '' : boxId,
    left: index > 0,
    right: index < cameras.length - 1,
    offer: isBroken(live, now) ? offer(cameras, camera, problem) : undefined,
    clock: clockText(now),
  };
}

/** It is not merely slow: it was said why there is no picture, or the picture has gone. A box that cannot play it plays no other either. */
function isBroken(live: LiveSource, now: number): boolean {
  if (live.advancing || live.code === 'CODEC_UNSUPPORTED') return false;
  if (now - live.waitingSince >= PATIENCE_MS) return true;
  return (
    live.phase === 'failed' ||
    live.code === 'CAMERA_OFFLINE' ||
    live.code === 'CAMERA_NOT_GRANTED' ||
    (live.hasPicture && live.phase === 'stalled')
  );
}

function offer(cameras: readonly NearbyCamera[], camera: NearbyCamera, problem: (id: string) => string | undefined) {
  const next = cameras.filter((c) => c.id !== camera.id && c.online && problem(c.id) === undefined)[0];
  return next && { cameraId: next.id, text: LIVE.offer(cameraText(next)) };
}

function status(live: LiveSource, now: number): LivePageView['status'] {
  if (live.advancing) return { text: LIVE.live, tone: 'good' };
  if (live.code === 'CAMERA_NOT_GRANTED') return { text: LIVE.refused, tone: 'bad' };
  if (live.code === 'CAMERA_OFFLINE') return { text: LIVE.offline, tone: 'bad' };
  if (live.code === 'CODEC_UNSUPPORTED') return { text: LIVE.unsupported, tone: 'bad' };
  if (live.hasPicture) return { text: LIVE.stopped, tone: 'bad' };
  if (live.phase === 'failed' || now - live.waitingSince >= PATIENCE_MS) return { text: LIVE.failed, tone: 'bad' };
  return { text: LIVE.connecting, tone: 'wait' };
}

/** What an alarm pressed now would carry: the camera and the time of the picture that is seen; null where no picture is seen. */
export function onScreen(cameraId: string | undefined, live: LiveSource, still: StillPicture | undefined) {
  if (cameraId === undefined) return null;
  const pictureAt = live.hasPicture ? live.pictureAt : still?.pictureAt;
  return pictureAt === undefined ? null : { cameraId, pictureAt: Math.max(0, Math.round(pictureAt)) };
}
