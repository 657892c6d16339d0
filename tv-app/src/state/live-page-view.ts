/** The full-screen page as it is drawn. Pure. 实时画面 appears only while frames advance; otherwise the picture's own time does. */
import type { NearbyCamera } from '@shouwang/protocol';
import type { LivePhase } from '../services/live-view.ts';
import type { StillPicture } from '../services/still-store.ts';
import { distanceText, LIVE } from '../words.ts';
import { pastText } from './times.ts';

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
  /** Who is watching, in the picture. */
  mark: string;
  left: boolean;
  right: boolean;
}

export interface LiveSource {
  phase: LivePhase;
  code: string | undefined;
  advancing: boolean;
  hasPicture: boolean;
  pictureAt: number | undefined;
}

export function livePageView(
  cameras: readonly NearbyCamera[],
  index: number,
  live: LiveSource,
  still: StillPicture | undefined,
  boxId: string,
  now: number,
): LivePageView {
  const camera = cameras[index]!;
  const at = live.hasPicture ? live.pictureAt : still?.pictureAt;
  return {
    cameraId: camera.id,
    name: camera.name,
    place: [camera.place, distanceText(camera.distanceM)].filter(Boolean).join(' · '),
    status: status(live),
    pictureNote: live.advancing ? '' : at === undefined ? LIVE.noPicture : LIVE.lastPicture(pastText(at, now)),
    still,
    showVideo: live.hasPicture,
    mark: boxId,
    left: index > 0,
    right: index < cameras.length - 1,
  };
}

function status(live: LiveSource): LivePageView['status'] {
  if (live.advancing) return { text: LIVE.live, tone: 'good' };
  if (live.code === 'CAMERA_NOT_GRANTED') return { text: LIVE.refused, tone: 'bad' };
  if (live.code === 'CAMERA_OFFLINE') return { text: LIVE.offline, tone: 'bad' };
  if (live.hasPicture) return { text: LIVE.stopped, tone: 'bad' };
  if (live.phase === 'failed') return { text: LIVE.failed, tone: 'bad' };
  return { text: LIVE.connecting, tone: 'wait' };
}

/** What an alarm pressed now would carry: the camera and the time of the picture that is seen; null where no picture is seen. */
export function onScreen(cameraId: string | undefined, live: LiveSource, still: StillPicture | undefined) {
  if (cameraId === undefined) return null;
  const pictureAt = live.hasPicture ? live.pictureAt : still?.pictureAt;
  return pictureAt === undefined ? null : { cameraId, pictureAt: Math.max(0, Math.round(pictureAt)) };
}
