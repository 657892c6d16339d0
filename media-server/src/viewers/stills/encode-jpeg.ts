/** One key frame → one JPEG, by an ffmpeg process of its own. */
import { spawn } from 'node:child_process';
import { CodedError } from '@shouwang/protocol';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { toAnnexB } from '../../ingest/h264/nal.ts';
import type { Clock } from '../../lib/clock.ts';

export interface JpegOptions {
  ffmpeg: string;
  maxWidth: number;
  clock: Clock;
}

const ENCODE_MS = 5000;
const MAX_JPEG = 16 * 1024 * 1024;

/** Throws INTERNAL (ffmpeg failed; the cause has its words) or TIMEOUT. */
export function encodeJpeg(key: AccessUnit, { ffmpeg, maxWidth, clock }: JpegOptions): Promise<Buffer> {
  const { codec, vps, sps, pps } = key.track;
  const input = toAnnexB([...vps, sps, ...pps, ...key.nals]);
  const args = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-threads',
    '1',
    '-probesize',
    '32',
    '-analyzeduration',
    '0',
    '-f',
    codec === 'h265' ? 'hevc' : 'h264',
    '-i',
    'pipe:0',
  ];
  args.push('-frames:v', '1', '-vf', `scale='min(${maxWidth},iw)':-2`, '-q:v', '4', '-f', 'mjpeg', 'pipe:1');
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
    const cancel = clock.after(ENCODE_MS, () => {
      reject(new CodedError('TIMEOUT', 'the still took too long'));
      child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_JPEG) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (words.length < 500) words += chunk.toString();
    });
    // It may have seen enough, or have died; its exit says.
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      cancel();
      if (code === 0 && size > 0 && size <= MAX_JPEG) resolve(Buffer.concat(out));
      else reject(new CodedError('INTERNAL', undefined, { cause: new Error(`ffmpeg ended with ${code}: ${words.slice(0, 500)}`) }));
    });
    child.stdin.end(input);
  });
}
