import { beforeEach, describe, expect, test } from 'vitest';
import { type AccessUnit, newCounters, type VideoTrack } from '../access-unit.ts';
import { Timeline } from '../rtp/timeline.ts';
import { Assembler } from '../video/assembler.ts';
import { VideoDepacketiser } from '../video/depacketiser.ts';
import { h265Format } from './format.ts';

const VPS = '40010c01ffff016000000300900000030000030078959809';
const SPS = '420101016000000300900000030000030078a003c08010e596566924caf016808000000300800000030284';
const PPS = '4401c172b46240';

let counters: ReturnType<typeof newCounters>;
let tracks: VideoTrack[];
let shown: AccessUnit[];
let d: VideoDepacketiser;
let sequence = 0;

beforeEach(() => {
  counters = newCounters();
  tracks = [];
  shown = [];
  let run = 0;
  const assembler = new Assembler({
    format: h265Format,
    counters,
    parameterSets: [VPS, SPS, PPS].map((s) => Buffer.from(s, 'hex')),
    timeline: new Timeline(90_000),
    nextRun: () => ++run,
    listener: { onTrack: (t) => tracks.push(t), onPicture: (p) => shown.push(p) },
  });
  d = new VideoDepacketiser(h265Format, counters, (raw) => assembler.push(raw, 5000));
});

function push(timestamp: number, hex: string, { marker = false, skip = 0 } = {}): void {
  sequence += skip;
  const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  d.push({ marker, payloadType: 96, sequence: sequence++ & 0xffff, timestamp, ssrc: 1, payload }, 5000 + timestamp / 90);
}
const pictures = () => shown.map((p) => `${p.key ? 'key ' : ''}${p.ticks}: ${p.nals.map((n) => n.toString('hex')).join(' ')}`);

describe('payloads of RFC 7798', () => {
  test('the description announces the stream with all three sets', () => {
    expect(tracks).toMatchObject([{ codec: 'h265', run: 1 }]);
    expect(tracks[0]!.vps.map((v) => v.toString('hex'))).toEqual([VPS]);
  });

  test('single units make a picture that ends with the marker', () => {
    push(10, '2601 80aa');
    push(10, '2601 00bb', { marker: true });
    push(3610, '0201 80cc', { marker: true });
    expect(pictures()).toEqual(['key 10: 260180aa 260100bb', '3610: 020180cc']);
  });

  test('an aggregate is taken apart', () => {
    push(10, `6001 ${[VPS, SPS, PPS, '260180aa'].map((n) => (n.length / 2).toString(16).padStart(4, '0') + n).join('')}`, { marker: true });
    expect(pictures()).toEqual(['key 10: 260180aa']);
    expect(tracks).toHaveLength(1);
  });

  test('fragments are put together, with the header that they all carry in parts', () => {
    push(10, '6201 93 80aa');
    push(10, '6201 13 bb');
    push(10, '6201 53 cc', { marker: true });
    expect(pictures()).toEqual(['key 10: 260180aabbcc']);
  });

  test('a lost fragment costs the pictures up to the next key frame', () => {
    push(10, '6201 93 80aa');
    push(10, '6201 53 cc', { marker: true, skip: 1 });
    push(3610, '0201 80cc', { marker: true });
    push(7210, '2601 80dd', { marker: true });
    expect(pictures()).toEqual(['key 7210: 260180dd']);
    expect(counters).toMatchObject({ lost: 1, skipped: 2 });
  });

  test.each([
    ['content information, which nobody sends', '6401 0000 260180'],
    ['an aggregate that promises more than it holds', '6001 00ff 2601'],
    ['a fragment that begins and ends at once', '6201 d3 80aa'],
    ['the forbidden bit', 'a601 80aa'],
    ['half a header', '26'],
  ])('%s is counted as broken', (_what, hex) => {
    push(10, hex, { marker: true });
    expect(counters.broken).toBe(1);
    expect(shown).toEqual([]);
  });
});

test('decoding that begins at a clean random access leaves out the pictures that need an earlier one', () => {
  push(0, '2a01 80aa', { marker: true });
  push(3600, '1001 80bb', { marker: true });
  push(7200, '0201 80cc', { marker: true });
  push(10_800, '2a01 80dd', { marker: true });
  push(14_400, '1001 80ee', { marker: true });
  expect(pictures()).toEqual(['key 0: 2a0180aa', '7200: 020180cc', 'key 10800: 2a0180dd', '14400: 100180ee']);
});

test('other parameter sets make a new run at their key frame', () => {
  push(0, '2601 80aa', { marker: true });
  push(3600, `${PPS}80`);
  push(3600, '2601 80bb', { marker: true });
  expect(tracks.map((t) => t.run)).toEqual([1, 2]);
});
