/**
 * Ten seconds of 1080p25 H.264 at 4 Mbit/s with a key frame every two, encoded once a machine by ffmpeg and kept in the machine cache: a
 * picture that is sent from memory costs next to nothing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { FlvReader } from '../../../media-server/sample-cameras/feed/flv-reader.ts';

export interface LoopPicture {
  /** Without start codes. */
  nals: Uint8Array[];
  key: boolean;
}

export interface Loop {
  sps: Uint8Array;
  pps: Uint8Array;
  /** The first is a key frame, and the last leads on to it. */
  pictures: LoopPicture[];
}

export const LOOP_FPS = 25;
/** Pictures from one key frame to the next. */
export const LOOP_GOP = 50;
const SECONDS = 10;
/** Raised when the arguments below change. */
const VERSION = 1;

/** Noise, so that the bits are needed; baseline without B frames, which every WebRTC end takes. */
const ARGUMENTS = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'lavfi'],
  ...['-i', `testsrc2=size=1920x1080:rate=${LOOP_FPS}:duration=${SECONDS},noise=alls=14:allf=t`, '-pix_fmt', 'yuv420p'],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-g', String(LOOP_GOP), '-keyint_min', String(LOOP_GOP)],
  ...['-sc_threshold', '0', '-b:v', '4000k', '-maxrate', '4000k', '-bufsize', '2000k', '-f', 'flv', '-flvflags', 'no_duration_filesize'],
];

/** The loop from the cache; encodes it first where it is not there yet. Throws where there is no ffmpeg. */
export function loadLoop(): Loop {
  const file = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shouwang', 'pictures', `1080p25-4mbit-${VERSION}.flv`);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}.tmp`;
    execFileSync(process.env.FFMPEG_BIN || 'ffmpeg', [...ARGUMENTS, unfinished], { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(unfinished, file);
  }
  const loop: Loop = { sps: new Uint8Array(0), pps: new Uint8Array(0), pictures: [] };
  const reader = new FlvReader({
    parameterSets: (sps, pps) => Object.assign(loop, { sps, pps }),
    picture: (nals, key) => loop.pictures.push({ nals, key }),
  });
  reader.push(readFileSync(file));
  return loop;
}
