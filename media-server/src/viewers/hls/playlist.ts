/** The media playlist (RFC 8216bis), with low-latency parts. Names in it are relative to the playlist's own address. */
import type { Segment } from './segment-list.ts';

export interface PlaylistInput {
  segments: readonly Segment[];
  discontinuitySequence: number;
  /** EXT-X-PART-INF:PART-TARGET, s. */
  partTargetS: number;
  /** EXT-X-TARGETDURATION, s. */
  targetS: number;
  windowS: number;
  /** The other renditions of the same pictures, as far as they run (4.4.5.4). */
  reports?: readonly RenditionReport[];
}

export interface RenditionReport {
  uri: string;
  lastMsn: number;
  lastPart: number;
}

export const names = {
  playlist: 'index.m3u8',
  init: (index: number) => `init-${index}.mp4`,
  segment: (sequence: number) => `seg-${sequence}.m4s`,
  part: (sequence: number, index: number) => `part-${sequence}.${index}.m4s`,
};

/** Parts are listed for the newest three target durations (4.4.4.9). */
const PARTS_FOR_TARGETS = 3;
/** How far from the end players begin: at least three part targets, or three target durations (4.4.3.8). */
const HOLD_BACK = 3;

export function renderPlaylist(input: PlaylistInput): string {
  const { segments, discontinuitySequence, partTargetS, targetS, windowS, reports = [] } = input;
  const listed = inWindow(
    segments.filter((s) => s.parts.length > 0),
    windowS,
  );
  const skipped = listed[0] === undefined ? 0 : segments.indexOf(listed[0]);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetS}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(partTargetS * HOLD_BACK).toFixed(3)},HOLD-BACK=${targetS * HOLD_BACK}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTargetS.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence + segments.slice(0, skipped).filter((s) => s.discontinuity).length}`,
  ];
  let init = -1;
  for (const s of listed) {
    if (s.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (s.init !== init) lines.push(`#EXT-X-MAP:URI="${names.init(s.init)}"`);
    init = s.init;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(s.pictureAt).toISOString()}`);
    if (recent(listed, s) < PARTS_FOR_TARGETS * targetS || !s.complete)
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
  for (const r of reports) lines.push(`#EXT-X-RENDITION-REPORT:URI="${r.uri}",LAST-MSN=${r.lastMsn},LAST-PART=${r.lastPart}`);
  return `${lines.join('\n')}\n`;
}

export function inWindow(segments: readonly Segment[], windowS: number): readonly Segment[] {
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
