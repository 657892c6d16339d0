import { describe, expect, test } from 'vitest';
import { renderPlaylist } from './playlist.ts';
import type { Segment } from './segment-list.ts';

function segment(sequence: number, over: Partial<Segment> = {}): Segment {
  const parts = [0.5, 0.5, 0.5, 0.5].map((durationS, i) => ({
    bytes: Buffer.alloc(0),
    size: 0,
    durationS,
    independent: i === 0,
    pictures: 12,
  }));
  const pictureAt = 1_790_000_000_000 + sequence * 2000;
  return { sequence, init: 0, discontinuity: false, pictureAt, independent: true, parts, durationS: 2, complete: true, ...over };
}

function render(segments: Segment[], windowS = 16): string[] {
  return renderPlaylist({ segments, discontinuitySequence: 0, partTargetS: 0.5, targetS: 2, windowS }).trim().split('\n');
}

describe('a media playlist', () => {
  test('says what RFC 8216bis wants of a low-latency one', () => {
    const open = segment(2, { complete: false, parts: segment(2).parts.slice(0, 1), durationS: 0.5 });
    expect(render([segment(0), segment(1), open])).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.500,HOLD-BACK=6',
      '#EXT-X-PART-INF:PART-TARGET=0.500',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-DISCONTINUITY-SEQUENCE:0',
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

  test('keeps the mark of a discontinuity while its segment is the first one listed, and counts it when that has gone', () => {
    const all = Array.from({ length: 6 }, (_, i) => segment(i, { discontinuity: i === 2 }));
    const first = render(all.slice(0, 5), 6);
    expect(first).toEqual(expect.arrayContaining(['#EXT-X-MEDIA-SEQUENCE:2', '#EXT-X-DISCONTINUITY-SEQUENCE:0', '#EXT-X-DISCONTINUITY']));
    const then = render(all, 6);
    expect(then).toEqual(expect.arrayContaining(['#EXT-X-MEDIA-SEQUENCE:3', '#EXT-X-DISCONTINUITY-SEQUENCE:1']));
    expect(then).not.toContain('#EXT-X-DISCONTINUITY');
  });

  test('says nothing of a segment of which there is nothing yet, and hints at its first part', () => {
    const lines = render([segment(0), segment(1, { parts: [], durationS: 0, complete: false, discontinuity: true, init: 1 })]);
    expect(lines).not.toContain('#EXT-X-DISCONTINUITY');
    expect(lines.at(-1)).toBe('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-1.0.m4s"');
  });

  test('reports how far the other renditions are', () => {
    const reports = [{ uri: '../e2/index.m3u8', lastMsn: 7, lastPart: 3 }];
    const text = renderPlaylist({ segments: [segment(0)], discontinuitySequence: 0, partTargetS: 0.5, targetS: 2, windowS: 16, reports });
    expect(text).toContain('#EXT-X-RENDITION-REPORT:URI="../e2/index.m3u8",LAST-MSN=7,LAST-PART=3\n');
  });
});
