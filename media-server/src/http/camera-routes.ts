/** Stills of one camera, for a session of that camera only. */
import { CodedError, mediaPaths, PICTURE_TIME_HEADER } from '@shouwang/protocol';
import type { Hub } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { Shown } from '../masks/shown.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import type { Still, Stills } from '../viewers/stills/stills.ts';
import { admit } from './admit.ts';
import type { Routes } from './server.ts';

export interface CameraRoutesOptions {
  sessions: Sessions;
  hubs: Hubs;
  shown: Pick<Shown, 'masks' | 'masksFor'>;
  /** Absent: no ffmpeg on this machine. */
  stills: Stills | undefined;
}

export function cameraRoutes({ sessions, hubs, shown, stills }: CameraRoutesOptions): Routes {
  // A still is decoded in any case: the boxes are drawn into it, and no transcode has to run for it.
  const masksFor = (session: Session) => (shown.masksFor(session.cameraId, session) ? shown.masks(session.cameraId) : []);
  return (server) => {
    server.get(mediaPaths.still(':cameraId'), async (request, reply) => {
      const session = admit(sessions, request);
      if (!stills) throw new CodedError('INTERNAL', 'no ffmpeg on this node: apt-get install ffmpeg');
      const { jpeg, pictureAt } = await smallest((hub) => stills.take(hub, masksFor(session)), hubs, session.cameraId);
      admit(sessions, request);
      return reply.type('image/jpeg').header('cache-control', 'no-store').header(PICTURE_TIME_HEADER, String(pictureAt)).send(jpeg);
    });
  };
}

/** Of the smaller stream, which is enough for a wall, and costs the camera's line less; of the main one where that does not come. */
async function smallest(take: (hub: Hub) => Promise<Still>, hubs: Hubs, cameraId: string): Promise<Still> {
  const [main, sub] = [hubs.get(cameraId), hubs.get(cameraId, 'sub')];
  if (sub === main) return take(main);
  try {
    return await take(sub);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'CAMERA_OFFLINE') throw error;
    return take(main);
  }
}
