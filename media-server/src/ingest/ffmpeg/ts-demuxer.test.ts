import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { pictures } from '../../testing/h264-video.ts';
import { findFfmpeg } from '../../viewers/stills/find-ffmpeg.ts';
import { toAnnexB } from '../h264/nal.ts';
import { splitAnnexB } from '../video/annex-b.ts';
import { STREAM, TsDemuxer } from './ts-demuxer.ts';

const SENT = pictures('IPPIPP', { shape: { width: 8, height: 8 } });
let stream: Buffer;
beforeAll(() => {
  const { sps, pps } = SENT[0]!.track;
  const input = Buffer.concat(SENT.map((p) => toAnnexB(p.key ? [sps, ...pps, ...p.nals] : p.nals)));
  const args = ['-v', 'error', '-framerate', '25', '-f', 'h264', '-i', 'pipe:0', '-c', 'copy', '-f', 'mpegts', 'pipe:1'];
  stream = execFileSync(findFfmpeg(process.env)!, args, { input });
});

function read(bytes: Buffer, chunk: number) {
  const found: { type: number; pts: number; nals: string[] }[] = [];
  const streams: number[][] = [];
  const demuxer = new TsDemuxer({
    onStreams: (types) => streams.push([...types]),
    onPacket: (type, pts, data) => found.push({ type, pts, nals: splitAnnexB(data).map((n) => n.toString('hex')) }),
  });
  for (let at = 0; at < bytes.length; at += chunk) demuxer.push(bytes.subarray(at, at + chunk));
  return { found, streams };
}

test.each([1, 100, 188, 70_000])('what ffmpeg writes is read in pieces of %i bytes', (chunk) => {
  const { found, streams } = read(stream, chunk);
  expect(streams).toEqual([[STREAM.h264]]);
  const slices = found.map((p) => p.nals.filter((n) => n.startsWith('65') || n.startsWith('41')));
  expect(slices).toEqual(SENT.slice(0, slices.length).map((p) => p.nals.map((n) => n.toString('hex'))));
  expect(slices.length).toBeGreaterThanOrEqual(SENT.length - 1);
  expect(found.slice(1).map((p, i) => p.pts - found[i]!.pts)).toEqual(found.slice(1).map(() => 3600));
});

test('bytes that are no transport stream are passed over', () => {
  const noise = Buffer.alloc(1000, 0x47);
  expect(read(Buffer.concat([Buffer.alloc(77, 1), stream]), 500).found.length).toBeGreaterThan(4);
  expect(read(noise, 100)).toEqual({ found: [], streams: [] });
});
