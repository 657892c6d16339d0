import { describe, expect, test } from 'vitest';
import { renderPlaylist } from './playlist.ts';
import type { Segment } from './segmenter.ts';

function segment(sequence: number, over: Partial<Segment> = {}): Segment {
  const parts = [0.5, 0.5, 0.5, 0.5].map((durationS, i) => ({ bytes: Buffer.alloc(0), durationS, independent: i === 0 }));
  const pictureAt = 1_790_000_000_000 + sequence * 2000;
  return { sequence, init: 0, discontinuity: false, pictureAt, independent: true, parts, durationS: 2, complete: true, ...over };
}

function render(segments: Segment[], windowS = 16): string[] {
  return renderPlaylist({ segments, discontinuitySequence: 0, partMs: 500, windowS }).trim().split('\n');
}

describe('a media playlist', () => {
  test('says what RFC 8216bis wants of a low-latency one', () => {
    const open = segment(2, { complete: false, parts: segment(2).parts.slice(0, 1), durationS: 0.5 });
    expect(render([segment(0), segment(1), open])).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.500',
      '#EXT-X-PART-INF:PART-TARGET=0.500',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-DISCONTINUITY-SEQUENCE:0',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="init-0.mp4"',
      ...[0, 1].flatMap((n) => [
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(1_790_000_000_000 + n * 2000).toISOString()}`,
        `#EXT-X-PART:DURATION=0.50000,URI="part-${n}.0.m4s"${n > 0 ? ',INDEPENDENT=YES' : ''}`,
        ...[1, 2, 3].map((i) => `#EXT-X-PART:DURATION=0.50000,URI="part-${n}.${i}.m4s"`),
        '#EXTINF:2.00000,',
        `seg-${n}.m4s`,
      ]),
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(1_790_000_004_000).toISOString()}`,
      '#EXT-X-PART:DURATION=0.50000,URI="part-2.0.m4s",INDEPENDENT=YES',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-2.1.m4s"',
    ]);
  });

  test('lists no parts of segments far from the edge', () => {
    const lines = render(Array.from({ length: 8 }, (_, i) => segment(i)));
    expect(lines.filter((l) => l.includes('URI="part-4.'))).toEqual([]);
    expect(lines.filter((l) => l.includes('URI="part-5.'))).toHaveLength(4);
  });

  test('shows the window only, and says where it begins', () => {
    const lines = render(
      Array.from({ length: 20 }, (_, i) => segment(i, { discontinuity: i === 3 })),
      6,
    );
    expect(lines).toContain('#EXT-X-MEDIA-SEQUENCE:17');
    expect(lines).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1');
    expect(lines.filter((l) => l.startsWith('seg-'))).toEqual(['seg-17.m4s', 'seg-18.m4s', 'seg-19.m4s']);
  });

  test('marks a discontinuity and the new init section', () => {
    const lines = render([segment(0), segment(1, { discontinuity: true, init: 1 })]);
    const at = lines.indexOf('#EXT-X-DISCONTINUITY');
    expect(lines[at + 1]).toBe('#EXT-X-MAP:URI="init-1.mp4"');
  });

  test('does not claim independence while a segment without a key frame is listed', () => {
    expect(render([segment(0), segment(1, { independent: false })])).not.toContain('#EXT-X-INDEPENDENT-SEGMENTS');
  });

  test('has a target that every segment’s rounded duration fits in', () => {
    expect(render([segment(0), segment(1, { durationS: 4.6 })])).toContain('#EXT-X-TARGETDURATION:5');
  });
});
