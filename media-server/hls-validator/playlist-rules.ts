/** What RFC 8216bis demands of one media playlist, and of two that follow each other. Each problem begins with its section. */
import type { ListedSegment, MediaPlaylist } from './media-playlist.ts';

/** Durations are written with five decimals. */
const ROUNDING_S = 0.0001;
/** Where a camera has no clock of its own, date and time are judged by when pictures arrive, and get better: they may go back by so much, s. */
const DATE_TIME_S = 2;
/** Time in which no picture came is left out of a stream: date and time go on ahead there. No further than this. */
const LEFT_OUT_S = 6;
/** Parts are no shorter than this share of their target (4.4.4.9). */
const SHORTEST = 0.85;

/** `startsWithKey`: whether a part's bytes begin with a key frame, where that is known (the attribute may be left out). */
export function checkPlaylist(p: MediaPlaylist, startsWithKey: (uri: string) => boolean | undefined = () => undefined): string[] {
  const found = [...p.problems];
  const say = (section: string, what: string) => found.push(`${section}: ${what}`);
  for (const s of p.segments)
    if (s.durationS !== undefined && Math.round(s.durationS) > p.targetS)
      say('4.4.3.1', `${s.uri} lasts ${s.durationS} s, target ${p.targetS}`);
  for (const s of p.segments) if (s.map === undefined) say('3.1.2', `segment ${s.sequence} has no EXT-X-MAP`);
  for (const [i, s] of p.segments.entries()) {
    const before = p.segments[i - 1];
    if (s.dateTime === undefined) say('4.4.4.6', `segment ${s.sequence} has no date and time`);
    else if (before?.dateTime !== undefined && before.durationS !== undefined && !s.discontinuity) {
      const off = (s.dateTime - before.dateTime) / 1000 - before.durationS;
      if (off < -DATE_TIME_S || off > LEFT_OUT_S) say('4.4.4.6', `segment ${s.sequence} is ${off.toFixed(3)} s off in date and time`);
    }
  }
  if (p.segments.slice(0, -1).some((s) => s.uri === undefined)) say('4.4.4.9', 'parts of a segment that never ends');
  if (p.partTargetS !== undefined) checkParts(p, p.partTargetS, startsWithKey, say);
  else if (p.segments.some((s) => s.parts.length > 0)) say('4.4.3.7', 'parts without EXT-X-PART-INF');
  return found;
}

type Say = (section: string, what: string) => void;

function checkParts(p: MediaPlaylist, target: number, startsWithKey: (uri: string) => boolean | undefined, say: Say): void {
  const partHoldBack = Number(p.control['PART-HOLD-BACK']);
  if (!(partHoldBack >= 3 * target - ROUNDING_S)) say('4.4.3.8', `PART-HOLD-BACK ${partHoldBack} is below three part targets`);
  const holdBack = Number(p.control['HOLD-BACK'] ?? 3 * p.targetS);
  if (!(holdBack >= 3 * p.targetS)) say('4.4.3.8', `HOLD-BACK ${holdBack} is below three target durations`);
  const skip = p.control['CAN-SKIP-UNTIL'];
  if (skip !== undefined && !(Number(skip) >= 6 * p.targetS)) say('4.4.3.8', `CAN-SKIP-UNTIL ${skip} is below six target durations`);
  if (p.control['CAN-BLOCK-RELOAD'] !== 'YES') say('B.1', 'low latency without blocking reload');
  let beyond = 0;
  for (const s of [...p.segments].reverse()) {
    if (s.parts.length > 0 && beyond > 3 * p.targetS + ROUNDING_S)
      say('4.4.4.9', `segment ${s.sequence} still has its parts, far from the end`);
    beyond += s.durationS ?? partsOf(s);
    if (s.uri !== undefined && s.parts.length > 0 && Math.abs(partsOf(s) - s.durationS!) > ROUNDING_S * (s.parts.length + 1))
      say('4.4.4.9', `the parts of ${s.uri} last ${partsOf(s).toFixed(5)} s, it lasts ${s.durationS}`);
    for (const [i, part] of s.parts.entries()) {
      if (!(part.durationS > 0 && part.durationS <= target + ROUNDING_S))
        say('4.4.4.9', `${part.uri} lasts ${part.durationS} s, target ${target}`);
      const last = i === s.parts.length - 1;
      const key = part.independent || (i === 0 && startsWithKey(part.uri) === true);
      if (!last && !key && part.durationS < SHORTEST * target)
        say('4.4.4.9', `${part.uri} lasts ${part.durationS} s only, target ${target}`);
    }
  }
  if (p.ended) return;
  if (p.hint === undefined) say('4.4.5.3', 'no EXT-X-PRELOAD-HINT');
  if (p.segments.some((s) => s.parts.some((part) => part.uri === p.hint))) say('4.4.5.3', `the hint ${p.hint} is there already`);
}

function partsOf(segment: ListedSegment): number {
  return segment.parts.reduce((sum, part) => sum + part.durationS, 0);
}

/** `after` was fetched later than `before`, under the same address. */
export function checkSuccession(before: MediaPlaylist, after: MediaPlaylist): string[] {
  const found: string[] = [];
  const say = (section: string, what: string) => found.push(`${section}: ${what}`);
  const same = (name: string, a: unknown, b: unknown) => {
    if (a !== b) say('6.2.1', `${name} changed from ${a} to ${b}`);
  };
  same('EXT-X-VERSION', before.version, after.version);
  same('EXT-X-TARGETDURATION', before.targetS, after.targetS);
  same('PART-TARGET', before.partTargetS, after.partTargetS);
  same('EXT-X-SERVER-CONTROL', JSON.stringify(before.control), JSON.stringify(after.control));
  same('EXT-X-INDEPENDENT-SEGMENTS', before.independentSegments, after.independentSegments);
  if (after.mediaSequence < before.mediaSequence) say('6.2.2', 'EXT-X-MEDIA-SEQUENCE went back');
  if (after.discontinuitySequence < before.discontinuitySequence) say('6.2.2', 'EXT-X-DISCONTINUITY-SEQUENCE went back');
  const lasting = after.segments.reduce((sum, s) => sum + (s.durationS ?? 0), 0);
  if (after.mediaSequence > before.mediaSequence && lasting < 3 * after.targetS)
    say('6.2.2', `segments were taken away, and ${lasting.toFixed(1)} s are left`);
  for (const old of before.segments) {
    const now = after.segments.find((s) => s.sequence === old.sequence);
    if (now) checkSame(old, now, say);
    else if (old.sequence >= after.mediaSequence) say('6.2.1', `segment ${old.sequence} is gone from the end`);
  }
  const known = new Set(before.segments.flatMap((s) => s.parts.map((part) => part.uri)));
  const fresh = after.segments.filter((s) => s.sequence >= (before.segments.at(-1)?.sequence ?? 0)).flatMap((s) => s.parts);
  const first = fresh.find((part) => !known.has(part.uri));
  if (first && before.hint !== undefined && first.uri !== before.hint && !hintsAtEndedSegment(before, after))
    say('4.4.5.3', `${before.hint} was hinted at, ${first.uri} came`);
  for (const r of after.reports) {
    const earlier = before.reports.find((e) => e.uri === r.uri);
    const back = earlier && (r.lastMsn < earlier.lastMsn || (r.lastMsn === earlier.lastMsn && r.lastPart < earlier.lastPart));
    if (back) say('4.4.5.4', `the report on ${r.uri} went back`);
  }
  return found;
}

/** The hinted part was never made, because its segment ended before it: the server may not have known (4.4.5.3). */
function hintsAtEndedSegment(before: MediaPlaylist, after: MediaPlaylist): boolean {
  const open = before.segments.at(-1);
  const now = after.segments.find((s) => s.sequence === open?.sequence);
  return open?.uri === undefined && now?.uri !== undefined && now.parts.length === open?.parts.length;
}

function checkSame(old: ListedSegment, now: ListedSegment, say: Say): void {
  const changed = (what: string) => say('6.2.1', `segment ${old.sequence}: ${what} changed`);
  if (old.uri !== undefined && (old.uri !== now.uri || old.durationS !== now.durationS)) changed('address or duration');
  if (old.dateTime !== now.dateTime) changed('date and time');
  if (old.map !== undefined && now.map !== undefined && old.map !== now.map) changed('init section');
  if (old.discontinuityNumber !== now.discontinuityNumber) changed('discontinuity number');
  const listed = now.parts.slice(0, old.parts.length);
  if (listed.length > 0 && JSON.stringify(listed) !== JSON.stringify(old.parts.slice(0, listed.length))) changed('a part');
}
