/** Key frames of one stream → pictures, by an ffmpeg process of its own. */
import { spawn } from 'node:child_process';
import { CodedError } from '@shouwang/protocol';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { toAnnexB } from '../../ingest/h264/nal.ts';
import type { Clock } from '../../lib/clock.ts';

export interface DecodeOptions {
  ffmpeg: string;
  clock: Clock;
  /** ffmpeg's arguments for how it decodes. */
  input?: readonly string[];
  /** ffmpeg's arguments for what comes out, but for the output itself. */
  output: readonly string[];
  maxBytes: number;
}

const DECODE_MS = 5000;

/** `keys` is not empty, and of one codec. Throws INTERNAL (ffmpeg failed; the cause has its words) or TIMEOUT. */
export function decodeKeys(keys: readonly AccessUnit[], { ffmpeg, clock, input = [], output, maxBytes }: DecodeOptions): Promise<Buffer> {
  const bytes = toAnnexB(keys.flatMap(({ track, nals }) => [...track.vps, track.sps, ...track.pps, ...nals]));
  const format = keys[0]!.track.codec === 'h265' ? 'hevc' : 'h264';
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-threads', '1', '-probesize', '32', '-analyzeduration', '0', ...input],
    ...['-f', format, '-i', 'pipe:0', ...output, 'pipe:1'],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // Before anything else: without file descriptors there are no pipes either, and an error that nobody hears ends the process.
    child.on('error', (error) => {
      cancel();
      reject(new CodedError('INTERNAL', undefined, { cause: error }));
    });
    const out: Buffer[] = [];
    let size = 0;
    let words = '';
    const cancel = clock.after(DECODE_MS, () => {
      reject(new CodedError('TIMEOUT', 'decoding took too long'));
      child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (words.length < 500) words += chunk.toString();
    });
    // It may have seen enough, or have died; its exit says.
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      cancel();
      if (code === 0 && size > 0 && size <= maxBytes) resolve(Buffer.concat(out));
      else reject(new CodedError('INTERNAL', undefined, { cause: new Error(`ffmpeg ended with ${code}: ${words.slice(0, 500)}`) }));
    });
    child.stdin.end(bytes);
  });
}
