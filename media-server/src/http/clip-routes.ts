/** Clips of cases, each for a session of that clip only: the grant's `cam` is the clip's id, its `why` says what for. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type ClipPurpose, CodedError, clipGrantReason, mediaPaths } from '@shouwang/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clips, FinishedPart } from '../evidence/clips.ts';
import type { ClipExports } from '../evidence/exports.ts';
import type { MaskedCopies } from '../evidence/masked-copies.ts';
import { RefusedError } from '../sessions/refused.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import { bearer, type Routes } from './server.ts';

export interface ClipRoutesOptions {
  sessions: Sessions;
  clips: Clips;
  exports: ClipExports;
  copies: Pick<MaskedCopies, 'file'>;
}

interface Params {
  clipId: string;
  n: string;
}

export function clipRoutes({ sessions, clips, exports, copies }: ClipRoutesOptions): Routes {
  const admit = (request: FastifyRequest, ...purposes: ClipPurpose[]): { session: Session; clipId: string; n: number } => {
    const { clipId, n } = request.params as Params;
    const session = sessions.check(bearer(request), clipId);
    if (!purposes.some((p) => session.why === clipGrantReason(clipId, p)))
      throw new RefusedError('NOT_ALLOWED', session, 'granted for something else');
    return { session, clipId, n: /^\d{1,2}$/.test(n) ? Number(n) : 0 };
  };

  /** What goes out is counted for the view, and ends where that is revoked. Throws CLIP_UNKNOWN where the file went meanwhile; as `Sessions.check`. */
  const sendFile = async (reply: FastifyReply, session: Session, path: string, type: string): Promise<FastifyReply> => {
    const { viewId } = session;
    // Opened at once, so that nothing that goes now can be missing half-way.
    const file = await open(path).catch(() => undefined);
    if (!file) throw new CodedError('CLIP_UNKNOWN');
    const { size } = await file.stat();
    try {
      // Once more after the wait.
      sessions.check(bearer(reply.request), session.cameraId);
    } catch (ended) {
      await file.close();
      throw ended;
    }
    reply.type(type).header('cache-control', 'no-store').header('content-length', size);
    if (reply.request.method === 'HEAD') {
      await file.close();
      // Fastify takes the length from anything else.
      return reply.send(Readable.from([]));
    }
    const bytes = file.createReadStream();
    const count = () => {
      sent();
      sessions.count(viewId, bytes.bytesRead);
    };
    const sent = sessions.sending(viewId, () => {
      bytes.off('close', count);
      count();
      bytes.destroy(new RefusedError('GRANT_REVOKED', session));
    });
    bytes.once('close', count);
    return reply.send(bytes);
  };

  return (server) => {
    server.get(mediaPaths.clipFile(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'play', 'original');
      const part = clips.part(clipId, n);
      if (!isMaskedFor(session, part)) return sendFile(reply, session, part.mp4, 'video/mp4');
      requirePurpose(session, clipId, 'play');
      return sendFile(reply, session, copies.file(part), 'video/mp4');
    });

    server.get(mediaPaths.clipManifest(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'original');
      const part = clips.part(clipId, n);
      // It belongs to the file as it was recorded.
      if (isMaskedFor(session, part)) requirePurpose(session, clipId, 'play');
      return sendFile(reply, session, part.manifest, 'application/json');
    });

    server.post(mediaPaths.clipExport(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      const part = clips.part(clipId, n);
      const { mp4, manifest, want } = part;
      const masks = isMaskedFor(session, part) ? part.masks : [];
      const job = await exports.begin(session.viewId, { clipId, n, mp4, manifest, caseNo: want.caseNo, viewer: session.viewer, masks });
      return reply.code(202).header('cache-control', 'no-store').send(job);
    });

    server.get(mediaPaths.clipExport(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      return reply.header('cache-control', 'no-store').send(exports.progress(session.viewId, clipId, n));
    });

    server.get(mediaPaths.clipExportFile(':clipId', ':n'), async (request, reply) => {
      const { session, clipId, n } = admit(request, 'export');
      return sendFile(reply, session, exports.file(session.viewId, clipId, n), 'video/mp4');
    });
  };
}

function isMaskedFor({ unmasked }: Session, { masks }: FinishedPart): boolean {
  return masks.length > 0 && !unmasked;
}

/** The recording of a masked camera leaves the house without its masks for a right and a reason only. Throws NOT_ALLOWED. */
function requirePurpose({ why, grantId }: Session, clipId: string, purpose: ClipPurpose): void {
  if (why !== clipGrantReason(clipId, purpose)) throw new RefusedError('NOT_ALLOWED', { grantId }, 'not without the masks');
}
