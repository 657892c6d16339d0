/** Clips of cases, each for a session of that clip only: the grant's `cam` is the clip's id, its `why` says what for. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClipPurpose, CodedError, clipGrantReason, mediaPaths } from '@shouwang/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clips } from '../evidence/clips.ts';
import type { ClipExports } from '../evidence/exports.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import { bearer, type Routes } from './server.ts';

export interface ClipRoutesOptions {
  sessions: Sessions;
  clips: Clips;
  exports: ClipExports;
}

interface Params {
  clipId: string;
  n: string;
}

export function clipRoutes({ sessions, clips, exports }: ClipRoutesOptions): Routes {
  const admit = (request: FastifyRequest, ...purposes: ClipPurpose[]): { session: Session; clipId: string; n: number } => {
    const { clipId, n } = request.params as Params;
    const session = sessions.check(bearer(request), clipId);
    if (!purposes.some((p) => session.why === clipGrantReason(clipId, p)))
      throw new CodedError('NOT_ALLOWED', 'granted for something else');
    return { session, clipId, n: /^\d{1,2}$/.test(n) ? Number(n) : 0 };
  };
  return (server) => {
    server.get(mediaPaths.clipFile(':clipId', ':n'), async (request, reply) => {
      const { clipId, n } = admit(request, 'play', 'original');
      return sendFile(reply, clips.part(clipId, n).mp4, 'video/mp4');
    });

    server.get(mediaPaths.clipManifest(':clipId', ':n'), async (request, reply) => {
      const { clipId, n } = admit(request, 'original');
      return sendFile(reply, clips.part(clipId, n).manifest, 'application/json');
    });

    server.post(mediaPaths.clipExport(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      const { mp4, manifest, want } = clips.part(clipId, n);
      const job = await exports.begin(session.viewId, { clipId, n, mp4, manifest, caseNo: want.caseNo, viewer: session.viewer });
      return reply.code(202).header('cache-control', 'no-store').send(job);
    });

    server.get(mediaPaths.clipExport(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      return reply.header('cache-control', 'no-store').send(exports.progress(session.viewId, clipId, n));
    });

    server.get(mediaPaths.clipExportFile(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      return sendFile(reply, exports.file(session.viewId, clipId, n), 'video/mp4');
    });
  };
}

/** Throws CLIP_UNKNOWN where it went meanwhile. */
async function sendFile(reply: FastifyReply, path: string, type: string): Promise<FastifyReply> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new CodedError('CLIP_UNKNOWN');
  return reply.type(type).header('cache-control', 'no-store').header('content-length', found.size).send(createReadStream(path));
}
