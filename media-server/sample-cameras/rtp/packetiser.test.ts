import { describe, expect, it } from 'vitest';
import { newCounters } from '../../src/ingest/access-unit.ts';
import { h264Format } from '../../src/ingest/h264/format.ts';
import { parseRtp } from '../../src/ingest/rtp/rtp.ts';
import { type RawPicture, VideoDepacketiser } from '../../src/ingest/video/depacketiser.ts';
import { MAX_PAYLOAD, packetise } from './packetiser.ts';

function nal(type: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size).map((_, i) => (i * 7) % 256);
  bytes[0] = 0x60 | type;
  return bytes;
}

function roundTrip(nals: Uint8Array[], sequence = 1) {
  const stream = { payloadType: 96, ssrc: 7, sequence };
  const packets = packetise(nals, 123_456, stream);
  const pictures: RawPicture[] = [];
  const depacketiser = new VideoDepacketiser(h264Format, newCounters(), (picture) => pictures.push(picture));
  for (const packet of packets) depacketiser.push(parseRtp(packet)!, 0);
  return { packets, pictures, stream };
}

describe('H.264 in RTP', () => {
  it.each([
    ['one small unit', [nal(5, 30)]],
    ['parameter sets and a small key frame in one packet', [nal(7, 20), nal(8, 5), nal(5, 300)]],
    ['a unit that just fits', [nal(5, MAX_PAYLOAD)]],
    ['a unit one byte too long', [nal(5, MAX_PAYLOAD + 1)]],
    ['a key frame of many packets after its parameter sets', [nal(7, 20), nal(8, 5), nal(5, 20_000)]],
    ['many units that fill several aggregates', [nal(7, 20), ...Array.from({ length: 9 }, () => nal(6, 400)), nal(1, 50)]],
  ])('comes out as it went in: %s', (_name, nals) => {
    const { packets, pictures } = roundTrip(nals);
    expect(pictures).toHaveLength(1);
    expect(pictures[0]!.nals.map((n) => Buffer.from(n).toString('hex'))).toEqual(nals.map((n) => Buffer.from(n).toString('hex')));
    for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(12 + MAX_PAYLOAD);
  });

  it('marks the last packet of a picture only, and gives all of them one timestamp', () => {
    const parsed = roundTrip([nal(7, 20), nal(8, 5), nal(5, 5000)]).packets.map((p) => parseRtp(p)!);
    expect(parsed.map((p) => p.marker)).toEqual([...parsed.slice(1).map(() => false), true]);
    expect(new Set(parsed.map((p) => p.timestamp))).toEqual(new Set([123_456]));
  });

  it('cuts a large unit into fragments of nearly equal size', () => {
    const sizes = roundTrip([nal(5, 2500)]).packets.map((p) => p.length);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(4);
  });

  it('counts packets on over 65,535', () => {
    const { packets, stream } = roundTrip([nal(5, 4000)], 65_534);
    expect(packets.map((p) => parseRtp(p)!.sequence)).toEqual([65_534, 65_535, 0, 1]);
    expect(stream.sequence).toBe(2);
  });
});
