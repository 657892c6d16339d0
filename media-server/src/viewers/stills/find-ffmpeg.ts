/** Which ffmpeg: FFMPEG_BIN, then ffmpeg-static if its download came through, then PATH. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Log } from '../../lib/log.ts';

/** The first with `-fps_mode`, without which no picture comes out as it went in; `-vsync` before it is gone from newer ones. */
const AT_LEAST = { major: 5, minor: 1 };
const VERSION_MS = 10_000;

/** The one to work with; undefined where there is none or it is too old, which is said in the log. */
export function usableFfmpeg(env: Record<string, string | undefined>, log: Log): string | undefined {
  const path = findFfmpeg(env);
  const version = path === undefined ? undefined : versionOf(path);
  const needed = `${AT_LEAST.major}.${AT_LEAST.minor} or newer: apt-get install ffmpeg, or set FFMPEG_BIN`;
  if (path === undefined)
    log.error(`no ffmpeg found: no stills, no transcodes, no looks at pictures, no exports of clips. Needed is ${needed}`);
  else if (version && isTooOld(version)) log.error({ path, ...version }, `this ffmpeg is too old, and is not used. Needed is ${needed}`);
  else return path;
  return undefined;
}

interface Version {
  major: number;
  minor: number;
}

/** Undefined where it does not say so: builds between releases do not. */
function versionOf(path: string): Version | undefined {
  const { stdout } = spawnSync(path, ['-version'], { encoding: 'utf8', timeout: VERSION_MS, stdio: ['ignore', 'pipe', 'ignore'] });
  const [, major, minor = '0'] = /^ffmpeg version n?(\d{1,3})(?:\.(\d{1,3}))?/.exec(stdout ?? '') ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

function isTooOld({ major, minor }: Version): boolean {
  return major < AT_LEAST.major || (major === AT_LEAST.major && minor < AT_LEAST.minor);
}

/** A path that can be executed, or undefined: then stills need `apt-get install ffmpeg`. */
export function findFfmpeg(env: Record<string, string | undefined>): string | undefined {
  const candidates = [env.FFMPEG_BIN, packaged(), ...(env.PATH ?? '').split(delimiter).map((dir) => dir && join(dir, 'ffmpeg'))];
  return candidates.find((path): path is string => !!path && executable(path));
}

function packaged(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' ? path : undefined;
  } catch {
    // An optional dependency: absent is normal.
    return undefined;
  }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
