/** Grant in, session out; renewing it and giving it back. */
import { CodedError, mediaPaths, type ViewerSession } from '@shouwang/protocol';
import { RENEW_EVERY_S, type Sessions } from '../sessions/sessions.ts';
import { bearer, type Routes } from './server.ts';

/** Longer than any grant. */
const MAX_GRANT_CHARS = 2000;

export function sessionRoutes(sessions: Sessions, knownCamera: (cameraId: string) => void): Routes {
  return (server) => {
    server.post(mediaPaths.sessions, async (request, reply) => {
      const { secret, session } = await sessions.open(readGrant(request.body), knownCamera);
      const answer: ViewerSession = {
        session: secret,
        cameraId: session.cameraId,
        viewer: session.viewer.slice(session.viewer.indexOf(':') + 1),
        expiresAt: session.expiresAt,
        renewEveryS: RENEW_EVERY_S,
      };
      return reply.code(201).header('cache-control', 'no-store').send(answer);
    });
    server.post(mediaPaths.renew, async (request, reply) => {
      const { expiresAt } = sessions.renew(bearer(request));
      return reply.header('cache-control', 'no-store').send({ expiresAt });
    });
    server.delete(mediaPaths.currentSession, async (request, reply) => {
      sessions.end(bearer(request));
      return reply.code(204).send();
    });
  };
}

function readGrant(body: unknown): string {
  const grant = (body as { grant?: unknown } | null)?.grant;
  if (typeof grant !== 'string') throw new CodedError('BAD_PAYLOAD', '/grant: expected a string');
  if (grant.length > MAX_GRANT_CHARS) throw new CodedError('GRANT_INVALID');
  return grant;
}
