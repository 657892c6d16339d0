/** Why a picture stands: whether the camera's pictures come to this node, and whether the viewer's own path is open. */
import { type CameraState, mediaPaths } from '@shouwang/protocol';
import type { Hubs } from '../hub/hubs.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Whep } from '../viewers/whep/whep.ts';
import { bearer, type Routes } from './server.ts';

export function stateRoute({ sessions, hubs, whep }: { sessions: Sessions; hubs: Hubs; whep: Whep }): Routes {
  return (server) => {
    server.get(mediaPaths.state(':cameraId'), async (request, reply) => {
      const { cameraId, viewId } = sessions.check(bearer(request), (request.params as { cameraId: string }).cameraId);
      const main = hubs.get(cameraId).state;
      // Somebody who watches the sub-stream only is told of that one.
      const { phase, why } = main.phase === 'idle' ? hubs.get(cameraId, 'sub').state : main;
      const state: CameraState = { phase, code: why, webrtcPaths: whep.paths(viewId) };
      return reply.header('cache-control', 'no-store').send(state);
    });
  };
}
