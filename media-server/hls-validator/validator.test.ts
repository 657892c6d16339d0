/** The validator finds what is wrong, and nothing in what is right. */
import { describe, expect, test } from 'vitest';
import { readMediaPlaylist } from './media-playlist.ts';
import { checkPlaylist, checkSuccession } from './playlist-rules.ts';

const HEAD = [
  '#EXTM3U',
  '#EXT-X-VERSION:9',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,HOLD-BACK=6',
  '#EXT-X-PART-INF:PART-TARGET=0.5',
];
const at = (s: number) => `#EXT-X-PROGRAM-DATE-TIME:${new Date(1_790_000_000_000 + s * 1000).toISOString()}`;
const part = (n: number, i: number, more = '') => `#EXT-X-PART:DURATION=0.5,URI="part-${n}.${i}.m4s"${more}`;

function segment(n: number): string[] {
  const parts = [0, 1, 2, 3].map((i) => part(n, i, i === 0 ? ',INDEPENDENT=YES' : ''));
  return [at(n * 2), ...parts, '#EXTINF:2.0,', `seg-${n}.m4s`];
}

const RIGHT = [
  ...HEAD,
  '#EXT-X-MEDIA-SEQUENCE:4',
  '#EXT-X-DISCONTINUITY-SEQUENCE:1',
  '#EXT-X-MAP:URI="init-0.mp4"',
  ...segment(4),
  ...segment(5),
  ...segment(6),
  at(14),
  part(7, 0, ',INDEPENDENT=YES'),
  '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-7.1.m4s"',
];

const read = (lines: readonly string[]) => readMediaPlaylist(`${lines.join('\n')}\n`);
const replaced = (from: string, to: string) => RIGHT.map((l) => l.replace(from, to));

test('nothing is wrong with a right one', () => {
  expect(checkPlaylist(read(RIGHT))).toEqual([]);
  const p = read(RIGHT);
  expect(p.segments.map((s) => [s.sequence, s.uri, s.parts.length])).toEqual([
    [4, 'seg-4.m4s', 4],
    [5, 'seg-5.m4s', 4],
    [6, 'seg-6.m4s', 4],
    [7, undefined, 1],
  ]);
});

describe('one playlist', () => {
  test.each([
    ['a segment longer than the target', replaced('#EXTINF:2.0,', '#EXTINF:2.6,'), '4.4.3.1'],
    ['a part longer than the part target', replaced(part(5, 1), part(5, 1).replace('0.5', '0.6')), '4.4.4.9'],
    ['a part much shorter than the part target', replaced(part(5, 1), part(5, 1).replace('0.5', '0.4')), '4.4.4.9'],
    ['parts that are not their segment', replaced(part(5, 3), '#'), '4.4.4.9'],
    ['a hold-back below three parts', replaced('PART-HOLD-BACK=1.5', 'PART-HOLD-BACK=1.0'), '4.4.3.8'],
    ['a hold-back below three targets', replaced(',HOLD-BACK=6', ',HOLD-BACK=5'), '4.4.3.8'],
    ['no blocking reload', replaced('CAN-BLOCK-RELOAD=YES,', ''), 'B.1'],
    ['no init section', replaced('#EXT-X-MAP:URI="init-0.mp4"', '#'), '3.1.2'],
    ['a date that goes back', replaced(at(10), at(6)), '4.4.4.6'],
    ['a date that jumps', replaced(at(10), at(20)), '4.4.4.6'],
    ['no date', replaced(at(10), '#'), '4.4.4.6'],
    ['a hint at what is there', replaced('part-7.1.m4s', 'part-7.0.m4s'), '4.4.5.3'],
    ['no hint', RIGHT.slice(0, -1), '4.4.5.3'],
    ['no target', replaced('#EXT-X-TARGETDURATION:2', '#'), '4.4.3.1'],
    ['a tag twice', [...RIGHT, '#EXT-X-VERSION:9'], '4.4'],
    ['a segment without its duration', replaced('#EXTINF:2.0,', '#'), '4.4.4.1'],
    ['no beginning', RIGHT.slice(1), '4.4.1.1'],
  ])('with %s', (_what, lines, section) => {
    expect(checkPlaylist(read(lines)).join('\n')).toMatch(new RegExp(`^${section.replaceAll('.', '\\.')}: `, 'm'));
  });

  test('may have a date that jumps after a discontinuity', () => {
    const lines = replaced(at(10), at(50)).map((l) => l.replace(at(12), at(52)).replace(at(14), at(54)));
    lines.splice(lines.indexOf(at(50)), 0, '#EXT-X-DISCONTINUITY');
    expect(checkPlaylist(read(lines))).toEqual([]);
  });
});

describe('two playlists', () => {
  const later = (lines: readonly string[]) => checkSuccession(read(RIGHT), read(lines));
  const hint = RIGHT.at(-1)!;
  const next = [...RIGHT.slice(0, -1), part(7, 1), hint.replace('7.1', '7.2')];

  test('that follow each other are right', () => {
    expect(later(next)).toEqual([]);
    expect(later(RIGHT)).toEqual([]);
  });

  test.each([
    ['another target', next.map((l) => l.replace('TARGETDURATION:2', 'TARGETDURATION:3')), '6.2.1'],
    ['a segment that became another', next.map((l) => l.replace('seg-5.m4s', 'seg-5b.m4s')), '6.2.1'],
    ['a part that became longer', next.map((l) => l.replace(part(6, 1), part(6, 1).replace('0.5', '0.48'))), '6.2.1'],
    ['a date that was changed', next.map((l) => l.replace(at(12), at(12.1))), '6.2.1'],
    ['a sequence that goes back', next.map((l) => l.replace('SEQUENCE:4', 'SEQUENCE:3')), '6.2.2'],
    ['a discontinuity that was not counted', next.map((l) => l.replace('DISCONTINUITY-SEQUENCE:1', 'DISCONTINUITY-SEQUENCE:2')), '6.2.1'],
    ['something else than was hinted at', next.map((l) => l.replace(part(7, 1), part(7, 9))), '4.4.5.3'],
    ['too little left', [...next.slice(0, 5), '#EXT-X-MEDIA-SEQUENCE:6', ...next.slice(next.indexOf(at(12)))], '6.2.2'],
  ])('with %s', (_what, lines, section) => {
    expect(later(lines).join('\n')).toMatch(new RegExp(`^${section.replaceAll('.', '\\.')}: `, 'm'));
  });
});
