/**
 * WHEP (draft-ietf-wish-whep): POST an offer, get an answer, a Location and an ETag; PATCH the Location with candidates or for an ICE
 * restart; DELETE it. The session is asked for at every step.
 */
import { CodedError, mediaPaths } from '@shouwang/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IceServer } from '../config.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import { FRAGMENT_TYPE } from '../viewers/whep/sdp-fragment.ts';
import type { Whep } from '../viewers/whep/whep.ts';
import { bearer, type Routes } from './server.ts';

export interface WhepRoutesOptions {
  sessions: Sessions;
  whep: Whep;
  /** Told to viewers in `Link` (RFC 9725, 4.6). */
  iceServers: readonly IceServer[];
}

const SDP = 'application/sdp';

export function whepRoutes({ sessions, whep, iceServers }: WhepRoutesOptions): Routes {
  const endpoint = mediaPaths.whep(':cameraId');
  const resource = `${endpoint}/:id`;
  const admit = (request: FastifyRequest): Session => {
    const { cameraId } = request.params as { cameraId: string };
    return sessions.check(bearer(request), cameraId);
  };
  const links = iceServers.map(linkTo);
  return (server) => {
    server.addContentTypeParser([SDP, FRAGMENT_TYPE], { parseAs: 'string' }, (_request, body, done) => done(null, body));

    server.post(endpoint, async (request, reply) => {
      const { cameraId, viewId, unmasked } = admit(request);
      requireType(request, SDP);
      if (!accepts(request.headers.accept, SDP)) throw new CodedError('NOT_ACCEPTABLE', `the answer is ${SDP}`);
      const { quality } = request.query as { quality?: unknown };
      if (quality !== undefined && quality !== 'main' && quality !== 'sub') throw new CodedError('BAD_PAYLOAD', 'quality: main or sub');
      const { id, sdp, etag } = await whep.open({ cameraId, viewId, unmasked, sdp: text(request), ...(quality ? { quality } : {}) });
      if (links.length > 0) reply.header('link', links.join(', '));
      return reply
        .code(201)
        .type(SDP)
        .header('cache-control', 'no-store')
        .header('location', `${mediaPaths.whep(cameraId)}/${id}`)
        .header('etag', etag)
        .send(sdp);
    });

    server.patch(resource, async (request, reply) => {
      const { viewId } = admit(request);
      const { id } = request.params as { id: string };
      const { etag } = whep.find(id, viewId);
      requireType(request, FRAGMENT_TYPE);
      requireMatch(request.headers['if-match'], etag);
      const restarted = await whep.patch(id, viewId, text(request));
      reply.header('cache-control', 'no-store');
      // Candidates are answered without a body and without an ETag; a restart with both.
      if (!restarted) return reply.code(204).send();
      return reply.code(200).type(FRAGMENT_TYPE).header('etag', restarted.etag).send(restarted.sdp);
    });

    server.delete(resource, async (request, reply) => {
      const { viewId } = admit(request);
      whep.end((request.params as { id: string }).id, viewId);
      return reply.code(200).header('cache-control', 'no-store').send();
    });

    // Neither has a representation: GET is answered with nothing, successfully (HTTP usage).
    server.get(endpoint, async (request, reply) => {
      admit(request);
      return reply.code(204).header('cache-control', 'no-store').send();
    });
    server.get(resource, async (request, reply) => {
      whep.find((request.params as { id: string }).id, admit(request).viewId);
      return reply.code(204).header('cache-control', 'no-store').send();
    });
    server.options(endpoint, async (_request, reply) =>
      reply.code(200).header('accept-post', SDP).header('allow', 'GET, POST, OPTIONS').send(),
    );
    server.options(resource, async (_request, reply) =>
      reply.code(200).header('accept-patch', FRAGMENT_TYPE).header('allow', 'GET, PATCH, DELETE, OPTIONS').send(),
    );
    const refuse = (allow: string) => async (_request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow);
      throw new CodedError('METHOD_NOT_ALLOWED');
    };
    server.route({ method: ['PUT', 'PATCH', 'DELETE'], url: endpoint, handler: refuse('GET, POST, OPTIONS') });
    server.route({ method: ['PUT', 'POST'], url: resource, handler: refuse('GET, PATCH, DELETE, OPTIONS') });
  };
}

function requireType(request: FastifyRequest, type: string): void {
  const given = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (given !== type) throw new CodedError('MEDIA_TYPE', `expected ${type}`);
}

function text(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** RFC 9110, 12.5.1, as far as one type needs it. */
function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((p) => p.trim().toLowerCase());
    return (name === type || name === `${type.split('/')[0]}/*` || name === '*/*') && !parameters.some((p) => /^q=0(\.0*)?$/.test(p));
  });
}

/** RFC 9110, 13.1.1, with the strong comparison; RFC 6585, 3. */
function requireMatch(header: string | undefined, etag: string): void {
  if (header === undefined) throw new CodedError('PRECONDITION_REQUIRED');
  const named = header.split(',').map((t) => t.trim());
  // The draft's own example has it in quotes.
  if (!named.some((t) => t === '*' || t === '"*"' || t === etag)) throw new CodedError('PRECONDITION_FAILED');
}

function linkTo({ url, username, credential }: IceServer): string {
  const who = username === undefined ? '' : `; username="${username}"`;
  return `<${url}>; rel="ice-server"${who}${credential === undefined ? '' : `; credential="${credential}"; credential-type="password"`}`;
}
