/** Stills and HLS of one camera, each for a session of that camera only. */
import { CodedError, mediaPaths, PICTURE_TIME_HEADER } from '@shouwang/protocol';
import type { FastifyRequest } from 'fastify';
import type { Hubs } from '../hub/hubs.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import type { HlsStreams } from '../viewers/hls/hls-streams.ts';
import type { Stills } from '../viewers/stills/stills.ts';
import { bearer, type Routes } from './server.ts';

export interface CameraRoutesOptions {
  sessions: Sessions;
  hubs: Hubs;
  hls: HlsStreams;
  /** Absent: no ffmpeg on this machine. */
  stills: Stills | undefined;
}

interface EpochParams {
  cameraId: string;
  epoch: string;
  file: string;
}

const CAMERA = ':cameraId';
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** The address names the epoch, and a session is needed anyway: private caches may keep it for the playlist's lifetime. */
const MEDIA_CACHE = 'private, max-age=60';

export function cameraRoutes({ sessions, hubs, hls, stills }: CameraRoutesOptions): Routes {
  /** Once more after every wait: the session may have ended meanwhile. */
  const admit = (request: FastifyRequest): Session => {
    const { cameraId } = request.params as { cameraId: string };
    return sessions.check(bearer(request), cameraId);
  };
  return (server) => {
    server.get(mediaPaths.still(CAMERA), async (request, reply) => {
      const { cameraId } = admit(request);
      if (!stills) throw new CodedError('INTERNAL', 'no ffmpeg on this node: apt-get install ffmpeg');
      const { jpeg, pictureAt } = await stills.take(hubs.get(cameraId));
      admit(request);
      return reply.type('image/jpeg').header('cache-control', 'no-store').header(PICTURE_TIME_HEADER, String(pictureAt)).send(jpeg);
    });

    server.get(mediaPaths.hls(CAMERA), async (request, reply) => {
      const { cameraId, viewId } = admit(request);
      const stream = hls.open(cameraId, viewId);
      await stream.ready();
      // Relative: whatever stands before us may have put a prefix in front.
      return reply.code(302).header('cache-control', 'no-store').header('location', `${stream.epoch}/index.m3u8`).send();
    });

    server.get(mediaPaths.hls(CAMERA).replace('index.m3u8', ':epoch/:file'), async (request, reply) => {
      const { cameraId, viewId } = admit(request);
      const { epoch, file } = request.params as EpochParams;
      const stream = hls.find(cameraId, epoch, viewId);
      if (file === 'index.m3u8') {
        const query = request.query as Record<string, unknown>;
        const text = await stream.playlist({ msn: wish(query._HLS_msn), part: wish(query._HLS_part) });
        admit(request);
        return reply.type(PLAYLIST_TYPE).header('cache-control', 'no-store').send(text);
      }
      const bytes = await readMedia(stream, file);
      admit(request);
      return reply
        .type(file.endsWith('.mp4') ? 'video/mp4' : 'video/iso.segment')
        .header('cache-control', MEDIA_CACHE)
        .send(bytes);
    });
  };
}

type Stream = ReturnType<HlsStreams['find']>;

async function readMedia(stream: Stream, file: string): Promise<Buffer> {
  const [, kind, first, second, end] = /^(init|seg|part)-(\d{1,9})(?:\.(\d{1,5}))?\.(mp4|m4s)$/.exec(file) ?? [];
  if (kind === 'init' && end === 'mp4' && second === undefined) return stream.init(Number(first));
  if (kind === 'seg' && end === 'm4s' && second === undefined) return Buffer.concat(stream.segment(Number(first)));
  if (kind === 'part' && end === 'm4s' && second !== undefined) return stream.part(Number(first), Number(second));
  throw new CodedError('NOT_FOUND');
}

function wish(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) throw new CodedError('BAD_PAYLOAD', 'expected a whole number');
  return Number(value);
}
