/** The media playlist (RFC 8216bis), with low-latency parts. Names in it are relative to the playlist's own address. */
import type { Segment } from './segmenter.ts';

export interface PlaylistInput {
  segments: readonly Segment[];
  discontinuitySequence: number;
  partMs: number;
  windowS: number;
}

export const names = {
  init: (index: number) => `init-${index}.mp4`,
  segment: (sequence: number) => `seg-${sequence}.m4s`,
  part: (sequence: number, index: number) => `part-${sequence}.${index}.m4s`,
};

/** Parts are listed for the newest three target durations (4.4.4.9). */
const PARTS_FOR_TARGETS = 3;

export function renderPlaylist({ segments, discontinuitySequence, partMs, windowS }: PlaylistInput): string {
  const listed = inWindow(segments, windowS);
  const skipped = segments.length - listed.length;
  const target = targetDuration(segments);
  const partTarget = partMs / 1000;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${target}`,
    // PART-HOLD-BACK: at least three part targets (4.4.3.8).
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(partTarget * 3).toFixed(3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTarget.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence + segments.slice(0, skipped).filter((s) => s.discontinuity).length}`,
    ...(listed.every((s) => s.independent) ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
  ];
  let init = -1;
  for (const s of listed) {
    if (s.discontinuity && s !== listed[0]) lines.push('#EXT-X-DISCONTINUITY');
    if (s.init !== init) lines.push(`#EXT-X-MAP:URI="${names.init(s.init)}"`);
    init = s.init;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(s.pictureAt).toISOString()}`);
    if (recent(listed, s) < PARTS_FOR_TARGETS * target || !s.complete)
      for (const [i, p] of s.parts.entries()) {
        // The attribute is optional. While no part before has it, hls.js goes on with parts that lack it: those of the second segment.
        const independent = p.independent && s.sequence > 0 ? ',INDEPENDENT=YES' : '';
        lines.push(`#EXT-X-PART:DURATION=${p.durationS.toFixed(5)},URI="${names.part(s.sequence, i)}"${independent}`);
      }
    if (s.complete) lines.push(`#EXTINF:${s.durationS.toFixed(5)},`, names.segment(s.sequence));
  }
  const last = listed.at(-1);
  if (last) {
    const hint = last.complete ? names.part(last.sequence + 1, 0) : names.part(last.sequence, last.parts.length);
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"`);
  }
  return `${lines.join('\n')}\n`;
}

function inWindow(segments: readonly Segment[], windowS: number): readonly Segment[] {
  let first = segments.length;
  for (let seconds = 0; first > 0 && seconds < windowS; first--) seconds += segments[first - 1]!.durationS;
  return segments.slice(first);
}

/** Seconds from the end of a segment to the end of the list. */
function recent(listed: readonly Segment[], segment: Segment): number {
  let seconds = 0;
  for (let i = listed.length - 1; i >= 0 && listed[i] !== segment; i--) seconds += listed[i]!.durationS;
  return seconds;
}

/** Every segment's duration, rounded, must fit in it (4.4.3.1). */
export function targetDuration(segments: readonly Segment[]): number {
  return Math.max(2, ...segments.map((s) => Math.round(s.durationS)));
}
