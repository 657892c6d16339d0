/** WHEP (draft-ietf-wish-whep): POST an offer, get an answer and a Location; DELETE the Location. */
import { CodedError, mediaPaths } from '@shouwang/protocol';
import type { Sessions } from '../sessions/sessions.ts';
import type { Whep } from '../viewers/whep/whep.ts';
import { bearer, type Routes } from './server.ts';

export function whepRoutes({ sessions, whep }: { sessions: Sessions; whep: Whep }): Routes {
  const endpoint = mediaPaths.whep(':cameraId');
  return (server) => {
    server.post(endpoint, async (request, reply) => {
      const { cameraId } = request.params as { cameraId: string };
      const session = sessions.check(bearer(request), cameraId);
      if (typeof request.body !== 'string' || request.body === '') throw new CodedError('BAD_PAYLOAD', 'expected an application/sdp offer');
      const { id, answer } = await whep.open(cameraId, session.viewId, request.body);
      return reply
        .code(201)
        .type('application/sdp')
        .header('cache-control', 'no-store')
        .header('location', `${mediaPaths.whep(cameraId)}/${id}`)
        .send(answer);
    });
    server.delete(`${endpoint}/:id`, async (request, reply) => {
      const { cameraId, id } = request.params as { cameraId: string; id: string };
      const session = sessions.check(bearer(request), cameraId);
      whep.end(id, session.viewId);
      return reply.code(200).send();
    });
    // Trickling candidates: not supported, and not needed towards an ice-lite relay.
    server.patch(`${endpoint}/:id`, async (_request, reply) =>
      reply.code(405).header('allow', 'DELETE').send(new CodedError('NOT_FOUND', 'candidates are not trickled').toBody()),
    );
  };
}
