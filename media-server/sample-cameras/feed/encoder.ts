/** One camera's encode: pictures painted in time with the wall clock, H.264 out of an ffmpeg child. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Cancel, Clock } from '../../src/lib/clock.ts';
import { HEIGHT, RATE, WIDTH } from '../picture/scene.ts';
import { FlvReader } from './flv-reader.ts';

export interface EncodedPicture {
  nals: Uint8Array[];
  key: boolean;
  /** When it was painted, ms since 1970: the time that its clock shows. */
  at: number;
}

export interface EncoderListener {
  parameterSets(sps: Uint8Array, pps: Uint8Array): void;
  picture(picture: EncodedPicture): void;
  /** It ended by itself; never after `stop`. */
  ended(error: Error): void;
}

export interface Encoder {
  stop(): void;
}

/** Starts the encode of one camera. */
export type StartEncoder = (listener: EncoderListener) => Encoder;

/** What is encoded: planes of 4:2:0, as the arguments say. */
export interface Painter {
  paint(at: number): { bytes: Uint8Array };
}

/** Constrained baseline at level 3.1 (`42c01f`), which every box and every WebRTC stack decodes; one slice, one key frame a second. */
export const FFMPEG_ARGUMENTS = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0'],
  ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${WIDTH}x${HEIGHT}`, '-framerate', String(RATE), '-i', 'pipe:0', '-an'],
  ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-level', '3.1', '-threads', '1'],
  ...['-g', String(RATE), '-keyint_min', String(RATE), '-sc_threshold', '0', '-b:v', '480k', '-maxrate', '600k', '-bufsize', '600k'],
  ...['-colorspace', 'smpte170m', '-color_primaries', 'smpte170m', '-color_trc', 'smpte170m', '-color_range', 'tv'],
  ...['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'],
];

/** Children still running: killed when this process exits, on whatever path. (Killed outright, they end at the end of their input.) */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** An encoder by ffmpeg (the path of its binary) of what `picture` paints `rate` times a second. */
export function ffmpegEncoder(
  ffmpeg: string,
  picture: () => Painter,
  clock: Clock,
  { rate, args }: { rate: number; args: readonly string[] } = { rate: RATE, args: FFMPEG_ARGUMENTS },
): StartEncoder {
  const frameMs = 1000 / rate;
  return (listener) => {
    const child = spawn(ffmpeg, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(child);
    /** Times of the pictures that are inside ffmpeg: without B-frames and look-ahead they come out in order, one for one. */
    const inside: number[] = [];
    let stopped = false;
    let cancel: Cancel = () => undefined;
    let complaint = '';

    const end = (error: Error) => {
      if (stopped) return;
      stop();
      listener.ended(error);
    };
    const stop = () => {
      stopped = true;
      cancel();
      child.stdin.destroy();
      child.kill('SIGKILL');
    };

    const reader = new FlvReader({
      parameterSets: (sps, pps) => listener.parameterSets(sps, pps),
      picture: (nals, key) => listener.picture({ nals, key, at: inside.shift() ?? clock.now() }),
    });
    child.stdout.on('data', (bytes: Buffer) => {
      if (stopped) return;
      try {
        reader.push(bytes);
      } catch (error) {
        end(error as Error);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-500);
    });
    child.stdin.on('error', () => undefined); // It has gone; 'exit' says so.
    child.on('error', (error) => {
      running.delete(child);
      end(error);
    });
    child.on('exit', (code, signal) => {
      running.delete(child);
      end(new Error(`ffmpeg ended (${signal ?? code}): ${complaint.trim() || 'no message'}`));
    });

    let due = clock.now();
    const tick = () => {
      const now = clock.now();
      // What ffmpeg has not taken yet must not be painted over; a picture is then left out, as a busy camera does.
      if (child.stdin.writableLength === 0) {
        child.stdin.write(picture().paint(now).bytes);
        inside.push(now);
      }
      // From the grid, so that delays do not add up; after a long one, from now.
      due = now - due > 4 * frameMs ? now + frameMs : due + frameMs;
      cancel = clock.after(Math.max(0, due - clock.now()), tick);
    };
    cancel = clock.after(0, tick);
    return { stop };
  };
}
