/** HLS of one camera, for a session of that camera only: multivariant and media playlists, init sections, segments, parts. */
import { CodedError, mediaPaths, ticketed } from '@shouwang/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sessions } from '../sessions/sessions.ts';
import type { HlsStream } from '../viewers/hls/hls-stream.ts';
import type { HlsStreams, MultivariantWish } from '../viewers/hls/hls-streams.ts';
import { names } from '../viewers/hls/playlist.ts';
import { type PlaylistText, takesGzip } from '../viewers/hls/playlist-text.ts';
import { tsNames } from '../viewers/hls/ts/ts-lane.ts';
import { admit } from './admit.ts';
import type { Routes } from './server.ts';

export interface HlsRoutesOptions {
  sessions: Sessions;
  hls: HlsStreams;
}

interface EpochParams {
  cameraId: string;
  epoch: string;
  file: string;
}

const CAMERA = ':cameraId';
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** The epoch in the address makes it immutable. Caches that everybody shares must ask us who may have it, so they are not meant. */
const MEDIA_CACHE = 'private, max-age=60, immutable';
/**
 * What an nginx in front may keep, s: it is told apart from other caches by this header of its own, which it does not pass on, and asks
 * us about each viewer (docs/operations.md). It goes before Cache-Control: older nginx obeys whichever comes first.
 */
const NGINX_CACHE = 'x-accel-expires';
const MEDIA_S = 60;

export function hlsRoutes({ sessions, hls }: HlsRoutesOptions): Routes {
  const multivariant = async (request: FastifyRequest, reply: FastifyReply) => {
    const session = admit(sessions, request);
    const playlist = await hls.multivariant(session.cameraId, session, wished(request));
    admit(sessions, request);
    return asPlaylist(request, reply, playlist, 0);
  };

  const classic = async (request: FastifyRequest, reply: FastifyReply) => {
    const session = admit(sessions, request);
    const playlist = await hls.classic(session.cameraId, session, wished(request));
    admit(sessions, request);
    return asPlaylist(request, reply, playlist, 0);
  };

  const playlist = async (request: FastifyRequest, reply: FastifyReply, stream: HlsStream, name: string): Promise<Buffer> => {
    const query = request.query as Record<string, unknown>;
    const wish = { msn: wholeNumber(query._HLS_msn), part: wholeNumber(query._HLS_part) };
    const text = name === names.playlist ? await stream.playlist(wish) : await stream.tsPlaylist();
    admit(sessions, request);
    // What was waited for does not change its meaning (RFC 8216bis, 6.2.5.2: six target durations).
    return asPlaylist(request, reply, text, wish.msn === undefined ? 0 : 6 * stream.targetS);
  };

  /** Several times a second and viewer: what is there is given without a promise. */
  const file = (request: FastifyRequest, reply: FastifyReply): Buffer | Promise<Buffer> => {
    const session = admit(sessions, request);
    const { epoch, file: name } = request.params as EpochParams;
    const stream = hls.find(session.cameraId, epoch, session);
    if (name === names.playlist || name === tsNames.playlist) return playlist(request, reply, stream, name);
    const bytes = readMedia(stream, name);
    if (Buffer.isBuffer(bytes)) return asMedia(reply, name, bytes);
    return bytes.then((waitedFor) => {
      admit(sessions, request);
      return asMedia(reply, name, waitedFor);
    });
  };

  return (server: FastifyInstance) => {
    for (const path of [(p: string) => p, (p: string) => ticketed(':ticket', p)]) {
      server.get(path(mediaPaths.hls(CAMERA)), multivariant);
      server.get(path(mediaPaths.ts(CAMERA)), classic);
      server.get(path(mediaPaths.hls(CAMERA).replace('index.m3u8', ':epoch/:file')), file);
    }
  };
}

/** Gives the body that goes with the headers. */
function asPlaylist(request: FastifyRequest, reply: FastifyReply, playlist: PlaylistText, nginxS: number): Buffer {
  reply
    .type(PLAYLIST_TYPE)
    .header(NGINX_CACHE, String(nginxS))
    .header('cache-control', 'no-store')
    .header('vary', 'Origin, Accept-Encoding');
  if (!takesGzip(request.headers['accept-encoding'])) return playlist.plain;
  reply.header('content-encoding', 'gzip');
  return playlist.gzip;
}

function asMedia(reply: FastifyReply, name: string, bytes: Buffer): Buffer {
  reply.type(typeOf(name)).header(NGINX_CACHE, String(MEDIA_S)).header('cache-control', MEDIA_CACHE);
  return bytes;
}

/** A part that was hinted at is waited for. Throws or rejects with NOT_FOUND. */
function readMedia(stream: HlsStream, file: string): Buffer | Promise<Buffer> {
  const [, kind, first, second, end] = /^(init|seg|part|ts)-(\d{1,9})(?:\.(\d{1,5}))?\.(mp4|m4s|ts)$/.exec(file) ?? [];
  if (kind === 'init' && end === 'mp4' && second === undefined) return stream.init(Number(first));
  if (kind === 'seg' && end === 'm4s' && second === undefined) return stream.segment(Number(first));
  if (kind === 'part' && end === 'm4s' && second !== undefined) return stream.part(Number(first), Number(second));
  if (kind === 'ts' && end === 'ts' && second === undefined) return stream.tsSegment(Number(first));
  throw new CodedError('NOT_FOUND');
}

function typeOf(file: string): string {
  if (file.endsWith('.ts')) return 'video/mp2t';
  return file.endsWith('.mp4') ? 'video/mp4' : 'video/iso.segment';
}

function wished(request: FastifyRequest): MultivariantWish {
  const { quality, can } = request.query as Record<string, unknown>;
  return { quality: oneOf(quality, ['main', 'sub']), can: oneOf(can, ['h264', 'h265']) };
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((a) => a === value);
  if (!found) throw new CodedError('BAD_PAYLOAD', `expected one of ${allowed.join(', ')}`);
  return found;
}

function wholeNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) throw new CodedError('BAD_PAYLOAD', 'expected a whole number');
  return Number(value);
}
