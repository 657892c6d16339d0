/** What is to be seen in the middle and at the edge of decoded pictures, so that a test can tell a mask from a picture. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WIDTH = 32;
const HEIGHT = 24;

export interface Brightness {
  pictures: number;
  /** Highest in the inner third, lowest in the outer ring, over all pictures; 0…255. */
  middle: number;
  edge: number;
}

/** Of a file or an address; at most so many pictures. */
export async function brightnessOf(input: string, pictures = 10): Promise<Brightness> {
  const { stdout } = await run(
    process.env.FFMPEG_BIN ?? 'ffmpeg',
    [
      ...['-v', 'error', '-i', input, '-an', '-frames:v', String(pictures), '-fps_mode', 'passthrough'],
      ...['-vf', `scale=${WIDTH}:${HEIGHT}:flags=area:out_range=full,format=gray`, '-f', 'rawvideo', 'pipe:1'],
    ],
    { encoding: 'buffer', timeout: 120_000 },
  );
  const size = WIDTH * HEIGHT;
  const found: Brightness = { pictures: Math.floor(stdout.length / size), middle: 0, edge: 255 };
  for (let i = 0; i < found.pictures * size; i++) {
    const [x, y] = [i % WIDTH, Math.floor((i % size) / WIDTH)];
    if (x >= WIDTH / 3 && x < (2 * WIDTH) / 3 && y >= HEIGHT / 3 && y < (2 * HEIGHT) / 3) found.middle = Math.max(found.middle, stdout[i]!);
    if (x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1) found.edge = Math.min(found.edge, stdout[i]!);
  }
  return found;
}
