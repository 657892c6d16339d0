/** What HTTP tells the register of views: who was refused what, and how many bytes a view was given. */
import { isIP } from 'node:net';
import type { CodedError, RefusedRequest } from '@shouwang/protocol';
import { mediaPaths } from '@shouwang/protocol';
import type { FastifyRequest } from 'fastify';
import type { Refusals } from '../sessions/refusals.ts';
import { RefusedError } from '../sessions/refused.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Routes } from './server.ts';

/** For `ServerOptions.onRefused`. `hasCamera`: names that are none of ours are not put on record: they may be anything. */
export function recordRefusals(refusals: Refusals, hasCamera: (id: string) => boolean) {
  return (request: FastifyRequest, error: CodedError): void => {
    const about = error instanceof RefusedError ? error : undefined;
    // Whoever may not read `/metrics` is no viewer.
    if (error.code === 'NOT_ALLOWED' && !about) return;
    const asked = (request.params as { cameraId?: string } | undefined)?.cameraId;
    const cameraId = asked ?? about?.cameraId;
    refusals.note({
      code: error.code,
      what: whatOf(request.routeOptions.url ?? ''),
      cameraId: cameraId !== undefined && hasCamera(cameraId) ? cameraId : undefined,
      grantId: about?.grantId,
      // Behind a proxy it may be whatever somebody wrote.
      address: isIP(request.ip) ? request.ip : request.socket.remoteAddress,
      detail: about?.detail,
    });
  };
}

/** Counts every body that is sent to a session: stills, playlists, segments, parts. Of HEAD none is (RFC 9110, 9.3.2). */
export function countBytes(sessions: Sessions): Routes {
  return (server) => {
    server.addHook('onSend', (request, reply, payload, done) => {
      const { admitted } = request;
      if (reply.statusCode === 200 && request.method === 'GET' && admitted && Buffer.isBuffer(payload))
        sessions.count(admitted.viewId, payload.length);
      done(null, payload);
    });
  };
}

function whatOf(route: string): RefusedRequest {
  if (route === mediaPaths.sessions) return 'session';
  if (route.endsWith('/still.jpg')) return 'still';
  if (route.includes('/hls/')) return 'hls';
  if (route.includes('/whep')) return 'whep';
  return 'other';
}
