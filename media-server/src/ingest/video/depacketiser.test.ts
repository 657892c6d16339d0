import { beforeEach, describe, expect, test } from 'vitest';
import { newCounters } from '../access-unit.ts';
import { h264Format } from '../h264/format.ts';
import { type RawPicture, VideoDepacketiser } from './depacketiser.ts';

let counters: ReturnType<typeof newCounters>;
let out: string[];
let d: VideoDepacketiser;
let sequence: number;

beforeEach(() => {
  counters = newCounters();
  out = [];
  sequence = 100;
  d = new VideoDepacketiser(h264Format, counters, (p) => out.push(shown(p)));
});

function shown({ timestamp, nals, afterLoss }: RawPicture): string {
  return `${timestamp}: ${nals.length === 0 ? 'broken' : nals.map((n) => n.toString('hex')).join(' ')}${afterLoss ? ', after a loss' : ''}`;
}

function push(timestamp: number, hex: string, { marker = false, skip = 0 } = {}): void {
  sequence += skip;
  const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  d.push({ marker, payloadType: 96, sequence: sequence++ & 0xffff, timestamp, ssrc: 1, payload }, 5000);
}

describe('payloads of RFC 6184', () => {
  test('single units make a picture that ends with the marker', () => {
    push(10, '6742aa');
    push(10, '68ce');
    push(10, '6588 01', { marker: true });
    expect(out).toEqual(['10: 6742aa 68ce 658801']);
  });

  test('an aggregate is taken apart', () => {
    push(10, '78 0003 6742aa 0002 68ce 0003 658801', { marker: true });
    expect(out).toEqual(['10: 6742aa 68ce 658801']);
  });

  test('fragments are put together, with the header that they all carry in parts', () => {
    push(10, '7c 85 aa');
    push(10, '7c 05 bb');
    push(10, '7c 45 cc', { marker: true });
    expect(out).toEqual(['10: 65aabbcc']);
  });

  test('slices of one picture stay together', () => {
    push(10, '4188');
    push(10, '4144', { marker: true });
    expect(out).toEqual(['10: 4188 4144']);
  });

  test('without markers the next timestamp ends a picture', () => {
    push(10, '6588');
    push(20, '4188');
    push(30, '4199');
    expect(out).toEqual(['10: 6588', '20: 4188']);
  });

  test('a marker on lone parameter sets does not end the picture', () => {
    push(10, '6742aa', { marker: true });
    push(10, '68ce', { marker: true });
    push(10, '6588', { marker: true });
    expect(out).toEqual(['10: 6742aa 68ce 6588']);
  });

  test('markers in the middle of pictures are believed no more', () => {
    push(10, '6588', { marker: true });
    push(10, '6544', { marker: true });
    push(20, '4188', { marker: true });
    push(20, '4144', { marker: true });
    push(30, '4199');
    expect(out).toEqual(['10: 6588', '10: 6544', '20: 4188 4144']);
  });

  test('sequence numbers wrap', () => {
    sequence = 65_535;
    push(10, '6588', { marker: true });
    push(20, '4188', { marker: true });
    expect(out).toHaveLength(2);
    expect(counters.lost).toBe(0);
  });
});

describe('what is broken', () => {
  test.each([
    ['an aggregate that promises more than it holds', '78 00ff 6742'],
    ['an empty unit in an aggregate', '78 0000'],
    ['a fragment without payload', '7c 85'],
    ['a fragment that begins and ends at once', '7c c5 aa'],
    ['the middle of a fragment that never began', '7c 05 aa'],
    ['the forbidden bit', 'e588'],
    ['a type that mode 1 does not have', '7d 85 aa'],
  ])('%s is counted, and the picture is given as broken', (_what, hex) => {
    push(10, hex, { marker: true });
    push(20, '6588', { marker: true });
    expect(counters.broken).toBe(1);
    expect(out).toEqual(['10: broken', '20: 6588']);
  });

  test('a lost packet breaks the picture that it belonged to', () => {
    push(10, '7c 85 aa');
    push(10, '7c 45 cc', { marker: true, skip: 1 });
    push(20, '4188', { marker: true });
    expect(counters.lost).toBe(1);
    expect(out).toEqual(['10: broken', '20: 4188']);
  });

  test('a loss before a picture breaks it unless its own beginning is there', () => {
    push(10, '6588', { marker: true });
    push(20, '4144', { marker: true, skip: 2 });
    push(30, '4188', { marker: true, skip: 2 });
    expect(out).toEqual(['10: 6588', '20: broken', '30: 4188, after a loss']);
  });

  test('a picture that was lost whole is known to be missing before the next one', () => {
    push(10, '6588', { marker: true });
    push(30, '4188', { marker: true, skip: 1 });
    push(40, '4188', { marker: true });
    expect(out).toEqual(['10: 6588', '30: 4188, after a loss', '40: 4188']);
  });

  test('nothing is lost where packets without a payload are between', () => {
    push(10, '6588', { marker: true });
    push(20, '');
    push(20, '4188', { marker: true });
    expect(out).toEqual(['10: 6588', '20: 4188']);
    push(30, '', { skip: 1 });
    push(30, '4188', { marker: true });
    expect(out.slice(2)).toEqual(['30: 4188, after a loss']);
  });

  test('bytes that were no RTP break the picture under way', () => {
    push(10, '7c 85 aa');
    d.pushGarbage();
    push(10, '7c 45 cc', { marker: true });
    expect(out).toEqual(['10: broken']);
  });

  test('a picture without end is thrown away', () => {
    push(10, '7c 85 aa');
    const chunk = `7c05${'bb'.repeat(60_000)}`;
    for (let i = 0; i < 200; i++) push(10, chunk);
    push(20, '6588', { marker: true });
    expect(out).toEqual(['10: broken', '20: 6588']);
  });

  test('empty payloads do no harm', () => {
    push(10, '', { marker: true });
    push(20, '6588', { marker: true });
    expect(out).toEqual(['20: 6588']);
  });
});
