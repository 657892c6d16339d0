import { describe, expect, test } from 'vitest';
import { newCounters } from '../../ingest/access-unit.ts';
import { h264Format } from '../../ingest/h264/format.ts';
import { parseRtp } from '../../ingest/rtp/rtp.ts';
import { type RawPicture, VideoDepacketiser } from '../../ingest/video/depacketiser.ts';
import { copies } from '../../testing/copies.ts';
import { pictures } from '../../testing/h264-video.ts';
import { Packetiser } from './packetiser.ts';

function packetiser(): Packetiser {
  return new Packetiser({ payloadType: 108, ssrc: 77, firstSequence: 65_534 });
}

describe('packets', () => {
  test('are small enough for every path, numbered over the wrap, the last one marked', () => {
    const [key] = pictures('I', { shape: { width: 20, height: 10 } });
    const packets = copies(packetiser().packets(key!, 2 ** 33 + 5)).map((b) => parseRtp(b)!);
    expect(packets.length).toBeGreaterThan(60);
    expect(packets.every((p) => p.payload.length <= 1180 && p.payloadType === 108 && p.ssrc === 77 && p.timestamp === 5)).toBe(true);
    expect(packets.map((p) => p.sequence)).toEqual(packets.map((_, i) => (65_534 + i) & 0xffff));
    expect(packets.map((p) => p.marker)).toEqual(packets.map((_, i) => i === packets.length - 1));
  });

  test('of a key frame begin with its parameter sets in one aggregate', () => {
    const [key, next] = pictures('IP');
    const p = packetiser();
    expect(parseRtp(copies(p.packets(key!, 0))[0]!)!.payload[0]! & 31).toBe(24);
    expect(parseRtp(copies(p.packets(next!, 0))[0]!)!.payload[0]! & 31).toBe(1);
  });

  test('of a key frame ask once, at their beginning, to be shown without waiting', () => {
    const [key, next] = pictures('IP');
    const p = new Packetiser({ payloadType: 108, ssrc: 77, firstSequence: 0, playoutDelayId: 11 });
    const [first, ...others] = [...copies(p.packets(key!, 0)), ...copies(p.packets(next!, 0))];
    // Least delay 0, at most 500 ms (12 bits each, in units of 10 ms).
    expect(first!.subarray(12, 20).toString('hex')).toBe('bede0001b2000032');
    expect(parseRtp(first!)!.payload[0]! & 31).toBe(24);
    expect([first!, ...others].map((b) => b[0]! & 0x10)).toEqual([0x10, ...others.map(() => 0)]);
  });

  test.each([1178, 1179, 1180, 1181, 2359, 2360, 5000])('of a unit of %i bytes give it back whole', (size) => {
    const nal = Buffer.concat([Buffer.from([0x65]), Buffer.alloc(size - 1, 0xab)]);
    const [key] = pictures('I');
    const out: RawPicture[] = [];
    const d = new VideoDepacketiser(h264Format, newCounters(), (p) => out.push(p));
    for (const b of copies(packetiser().packets({ ...key!, nals: [nal] }, 9))) d.push(parseRtp(b)!, 0);
    expect(out).toHaveLength(1);
    expect(out[0]!.nals).toEqual([key!.track.sps, ...key!.track.pps, nal]);
  });
});
