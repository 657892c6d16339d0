/** H.265, sound and MPEG-TS, as ffmpeg reads them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import { AdtsReader } from '../../ingest/audio/adts-reader.ts';
import { pictures, track } from '../../testing/h264-video.ts';
import { h265Pictures } from '../../testing/h265-video.ts';
import { probe } from '../../testing/probe.ts';
import { describeVideo } from './codecs.ts';
import { Segmenter } from './segmenter.ts';
import { TsLane } from './ts/ts-lane.ts';

const GOP = `I${'P'.repeat(49)}`;
const SOUND = { sampleRate: 16_000, channels: 1, config: Buffer.from([0x14, 0x08]) };

/** AAC frames of a tone. */
function tone(seconds: number): Buffer[] {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', `sine=440:r=16000:d=${seconds}`, '-c:a', 'aac', '-f', 'adts', 'pipe:1'];
  const frames: Buffer[] = [];
  new AdtsReader((frame) => frames.push(frame)).push(execFileSync('ffmpeg', args, { maxBuffer: 1e8 }));
  return frames;
}

function segmented(all: readonly AccessUnit[], sound?: readonly Buffer[]): Segmenter {
  const s = new Segmenter({ partMs: 500, windowS: 60, targetS: 4, onChange: () => {}, soundTrack: () => sound && SOUND });
  let heard = 0;
  const step = (1024 * 90_000) / 16_000;
  for (const picture of all) {
    s.push(picture);
    for (; sound && heard < sound.length && heard * step <= picture.ticks; heard++) s.pushSound(sound[heard]!, heard * step);
  }
  return s;
}

function whole(s: Segmenter): Buffer {
  const complete = s.segments.filter((x) => x.complete);
  return Buffer.concat([s.init(0)!.bytes, ...complete.flatMap((x) => x.parts.map((p) => p.bytes))]);
}

function transportStream(s: Segmenter): Buffer {
  const lane = new TsLane({ targetS: 4, windowS: 60 });
  lane.follow(s);
  const names = lane.render().match(/^ts-\d+/gm) ?? [];
  return Buffer.concat(names.map((n) => lane.segment(Number(n.slice(3)))!));
}

describe('H.265', () => {
  const all = h265Pictures({ count: 127, gop: 25 });

  test('is every picture, described to the decoder', () => {
    const { streams, packets } = probe(whole(segmented(all)));
    expect(streams[0]).toMatchObject({ codec_name: 'hevc', codec_tag_string: 'hvc1', width: 320, height: 240, nb_read_frames: '125' });
    expect(packets.map((p) => p.pts)).toEqual(packets.map((_, i) => i * 3600));
    expect(packets.flatMap((p, i) => (p.flags.startsWith('K') ? [i] : []))).toEqual([0, 25, 50, 75, 100]);
  });

  test('has the codec string of its profile, tier and level', () => {
    expect(describeVideo(all[0]!.track).codec).toMatch(/^hvc1\.1\.6\.L\d+\.90$/);
  });

  test('goes into a transport stream', () => {
    const { streams } = probe(transportStream(segmented(all)));
    expect(streams[0]).toMatchObject({ codec_name: 'hevc', width: 320, height: 240, nb_read_frames: '125' });
  });
});

describe('sound', () => {
  test('goes with the pictures in the same fragments, and lasts as long', () => {
    const { streams, packets } = probe(whole(segmented(pictures(`${GOP}${GOP}${GOP}IP`), tone(6))));
    expect(streams.map((s) => s.codec_name)).toEqual(['h264', 'aac']);
    expect(streams[1]).toMatchObject({ profile: 'LC', sample_rate: '16000', channels: 1 });
    const heard = packets.filter((p) => p.stream_index === 1).map((p) => p.pts);
    expect(heard).toEqual(heard.map((_, i) => i * 1024));
    expect((heard.at(-1)! + 1024) / 16_000).toBeGreaterThan(5.5);
  });

  test('that is missing is silence', () => {
    const { streams } = probe(whole(segmented(pictures(`${GOP}${GOP}IP`), [])));
    expect(Number(streams[1]!.nb_read_frames)).toBeGreaterThan(40);
  });
});

describe('MPEG-TS', () => {
  test('has every picture of whole segments, each beginning with a key frame, and their sound', () => {
    const s = segmented(pictures(`${GOP}${GOP}${GOP}IP`), tone(7));
    const { streams, packets } = probe(transportStream(s));
    expect(streams.map((x) => [x.codec_name, x.nb_read_frames])).toEqual([
      ['h264', '150'],
      ['aac', expect.any(String)],
    ]);
    const video = packets.filter((p) => p.stream_index === 0);
    expect(video.map((p) => p.pts - video[0]!.pts)).toEqual(video.map((_, i) => i * 3600));
  });

  test('keeps the order of a camera with B pictures', () => {
    const gop = `I${'BBP'.repeat(16)}`;
    const s = segmented(pictures(`${gop}${gop}${gop}IPPP`, { track: track(1, { reorderFrames: 1 }) }));
    const { packets } = probe(transportStream(s));
    expect(packets.every((p) => p.pts >= p.dts)).toBe(true);
    const shown = packets.map((p) => p.pts).sort((a, b) => a - b);
    expect(shown.map((p) => p - shown[0]!)).toEqual(shown.map((_, i) => i * 3600));
  });

  test('has packets without a gap in their counters, programme tables first in each segment', () => {
    const bytes = transportStream(segmented(pictures(`${GOP}${GOP}${GOP}IP`), tone(7)));
    const next = new Map<number, number>();
    for (let at = 0; at < bytes.length; at += 188) {
      const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
      expect(bytes[at]).toBe(0x47);
      if (next.has(pid)) expect(bytes[at + 3]! & 15).toBe(next.get(pid));
      next.set(pid, ((bytes[at + 3]! & 15) + 1) & 15);
    }
    expect([...next.keys()]).toEqual([0, 0x1000, 0x100, 0x101]);
  });
});
