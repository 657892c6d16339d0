/**
 * Whose request it is. Pages send the session as a bearer. A plain HLS client cannot set headers, or loses them on the way from the
 * playlist to the segments: it carries a ticket of the session, as a cookie or in the path (decision 10).
 */
import { TICKET_COOKIE } from '@shouwang/protocol';
import type { FastifyRequest } from 'fastify';
import type { Session, Sessions } from '../sessions/sessions.ts';
import { bearer } from './server.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who was let in, so that what they are given can be counted. */
    admitted: Session | null;
  }
}

/** Once more after every wait: the session may have ended meanwhile. Throws as `Sessions.check`. */
export function admit(sessions: Sessions, request: FastifyRequest): Session {
  const { cameraId, ticket } = request.params as { cameraId: string; ticket?: string };
  const found = session(sessions, request, cameraId, ticket);
  request.admitted = found;
  return found;
}

/** Throws as `Sessions.check`. */
export function session(sessions: Sessions, request: FastifyRequest, cameraId: string, ticket: string | undefined): Session {
  const secret = bearer(request);
  if (ticket === undefined && secret !== undefined) return sessions.check(secret, cameraId);
  return sessions.checkTicket(ticket ?? cookie(request, TICKET_COOKIE), cameraId);
}

/** RFC 6265, 4.2. */
function cookie(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
