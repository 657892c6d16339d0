/** Grant in, session out; renewing it, tickets for plain clients, giving it back. */
import { CodedError, mediaPaths, TICKET_COOKIE, type TicketAnswer, ticketed, type ViewerSession } from '@shouwang/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusedError } from '../sessions/refused.ts';
import { RENEW_EVERY_S, type Session, type Sessions } from '../sessions/sessions.ts';
import { session as sessionOf } from './admit.ts';
import { bearer, type Routes } from './server.ts';

/** Longer than any grant. */
const MAX_GRANT_CHARS = 2000;

export interface SessionRoutesOptions {
  sessions: Sessions;
  /** Throws CAMERA_UNKNOWN. */
  knownCamera: (cameraId: string) => void;
  /** Whether a cache may hand out what it holds of an epoch of the session's camera. */
  mayHave: (session: Session, epoch: string) => boolean;
}

export function sessionRoutes({ sessions, knownCamera, mayHave }: SessionRoutesOptions): Routes {
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
    server.post(mediaPaths.ticket, async (request, reply) => {
      const { ticket, cameraId } = sessions.ticket(bearer(request));
      setCookie(request, reply, ticket, cameraId);
      const answer: TicketAnswer = {
        hls: ticketed(ticket, mediaPaths.hls(cameraId)),
        ts: ticketed(ticket, mediaPaths.ts(cameraId)),
      };
      return reply.code(201).header('cache-control', 'no-store').send(answer);
    });
    // For a cache in front of us: it may hold the bytes, who gets them is said here (docs/operations.md).
    server.get(mediaPaths.allowed, async (request, reply) => {
      const [, ticket, cameraId, epoch = ''] = ORIGINAL.exec(String(request.headers['x-original-uri'] ?? '')) ?? [];
      if (!cameraId) throw new CodedError('SESSION_INVALID');
      const session = sessionOf(sessions, request, cameraId, ticket);
      if (EPOCH.test(epoch) && !mayHave(session, epoch)) throw new RefusedError('NOT_ALLOWED', session, 'not without the masks');
      return reply.code(204).header('cache-control', 'no-store').send();
    });
    server.delete(mediaPaths.currentSession, async (request, reply) => {
      sessions.end(bearer(request));
      return reply.code(204).send();
    });
  };
}

/** What the cache was asked for: a path of a camera, with a ticket in it or not. */
const ORIGINAL = /^\/v1(?:\/t\/([A-Za-z0-9_-]{1,100}))?\/cameras\/([A-Za-z0-9_-]{1,100})\/hls\/([^/?]+)/;
/** In place of a file's name. */
const EPOCH = /^[0-9a-f-]{36}$/;

/** For clients that keep cookies: of this camera's addresses only, out of reach of scripts and of other sites (RFC 6265bis, 4.1.2). */
function setCookie(request: FastifyRequest, reply: FastifyReply, ticket: string, cameraId: string): void {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  const path = mediaPaths.hls(cameraId).replace(/hls\/index\.m3u8$/, '');
  reply.header('set-cookie', `${TICKET_COOKIE}=${ticket}; Path=${path}; HttpOnly; SameSite=Strict${secure}`);
}

function readGrant(body: unknown): string {
  const grant = (body as { grant?: unknown } | null)?.grant;
  // To show none is a try like any other, and on record as one.
  if (typeof grant !== 'string') throw new CodedError('GRANT_INVALID', '/grant: expected a string');
  if (grant.length > MAX_GRANT_CHARS) throw new CodedError('GRANT_INVALID');
  return grant;
}
