/** Which ffmpeg: FFMPEG_BIN, then ffmpeg-static if its download came through, then PATH. */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

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
