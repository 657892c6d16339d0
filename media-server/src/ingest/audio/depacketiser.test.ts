import { beforeEach, describe, expect, test } from 'vitest';
import { newCounters } from '../access-unit.ts';
import { AudioDepacketiser } from './depacketiser.ts';
import { audioConfigOf, g711, readAudioConfig } from './format.ts';

let counters: ReturnType<typeof newCounters>;
let heard: string[];
let sequence = 65_534;

beforeEach(() => {
  counters = newCounters();
  heard = [];
});

function depacketiser(format = readAudioConfig(Buffer.from('1190', 'hex'))!): AudioDepacketiser {
  const emit = ({ data, timestamp }: { data: Buffer; timestamp: number }) => heard.push(`${timestamp}: ${data.toString('hex')}`);
  return new AudioDepacketiser({ format, clockRate: format.sampleRate, counters, emit });
}

function push(d: AudioDepacketiser, timestamp: number, hex: string, skip = 0): void {
  sequence += skip;
  const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  d.push({ marker: true, payloadType: 97, sequence: sequence++ & 0xffff, timestamp, ssrc: 1, payload }, 5000);
}

describe('AAC in RFC 3640', () => {
  test('one unit in a packet, and several with their own times', () => {
    const d = depacketiser();
    push(d, 100, '0010 0010 aabb');
    push(d, 1124, '0020 0010 0018 aabb ccddee');
    expect(heard).toEqual(['100: aabb', '1124: aabb', '2148: ccddee']);
  });

  test('a unit in several packets', () => {
    const d = depacketiser();
    push(d, 100, '0010 0028 aabb');
    push(d, 100, '0010 0028 ccddee');
    expect(heard).toEqual(['100: aabbccddee']);
  });

  test('a lost fragment costs its unit only', () => {
    const d = depacketiser();
    push(d, 100, '0010 0028 aabb');
    push(d, 100, '0010 0028 dd', 1);
    push(d, 1124, '0010 0010 aabb');
    expect(heard).toEqual(['1124: aabb']);
    expect(counters.lost).toBe(1);
  });

  test.each([
    ['without headers', '0000 aabb'],
    ['with more headers than bytes', 'ffff 0010'],
    ['with an empty unit', '0010 0000 aa'],
    ['with units out of order', '0020 0010 0011 aabb ccdd'],
    ['with less than it promises', '0020 0010 0018 aabb cc'],
    ['of one byte', '00'],
  ])('a packet %s is counted as broken', (_what, hex) => {
    push(depacketiser(), 1, hex);
    expect(counters.broken).toBe(1);
  });
});

test('G.711 is passed on as it comes', () => {
  const d = depacketiser(g711('pcma', 8000, 1));
  push(d, 160, 'd5d5');
  push(d, 320, 'd5d4');
  expect(heard).toEqual(['160: d5d5', '320: d5d4']);
});

describe('an AudioSpecificConfig', () => {
  test.each([
    ['1190', { sampleRate: 48_000, channels: 2, frameSamples: 1024 }],
    ['1588', { sampleRate: 8000, channels: 1, frameSamples: 1024 }],
    ['1408', { sampleRate: 16_000, channels: 1, frameSamples: 1024 }],
    // HE-AAC: 22.05 kHz coded, 44.1 kHz heard.
    ['2b920800', { sampleRate: 22_050, channels: 2, frameSamples: 1024 }],
  ])('%s is read', (hex, expected) => {
    expect(readAudioConfig(Buffer.from(hex, 'hex'))).toMatchObject(expected);
  });

  test.each(['', '11', 'ffff', '1780', '1180', '0000'])('%s is none', (hex) => {
    expect(readAudioConfig(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('is made of an ADTS header', () => {
    expect(audioConfigOf(2, 3, 2)?.config.toString('hex')).toBe('1190');
    expect(audioConfigOf(1, 3, 2)).toBeUndefined();
  });
});
