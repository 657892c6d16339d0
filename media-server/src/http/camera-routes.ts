/** Stills of one camera, for a session of that camera only. */
import { CodedError, mediaPaths, PICTURE_TIME_HEADER } from '@shouwang/protocol';
import type { Hubs } from '../hub/hubs.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Stills } from '../viewers/stills/stills.ts';
import { admit } from './admit.ts';
import type { Routes } from './server.ts';

export interface CameraRoutesOptions {
  sessions: Sessions;
  hubs: Hubs;
  /** Absent: no ffmpeg on this machine. */
  stills: Stills | undefined;
}

export function cameraRoutes({ sessions, hubs, stills }: CameraRoutesOptions): Routes {
  return (server) => {
    server.get(mediaPaths.still(':cameraId'), async (request, reply) => {
      const { cameraId } = admit(sessions, request);
      if (!stills) throw new CodedError('INTERNAL', 'no ffmpeg on this node: apt-get install ffmpeg');
      const { jpeg, pictureAt } = await stills.take(hubs.get(cameraId, 'sub'));
      admit(sessions, request);
      return reply.type('image/jpeg').header('cache-control', 'no-store').header(PICTURE_TIME_HEADER, String(pictureAt)).send(jpeg);
    });
  };
}
