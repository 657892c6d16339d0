/** Delivery directives of a blocking reload (RFC 8216bis, 6.2.5.2). */
import { CodedError } from '@shouwang/protocol';
import type { Segment } from './segment-list.ts';

export interface PlaylistWish {
  /** `_HLS_msn`: answer when this segment is there. */
  msn?: number | undefined;
  /** `_HLS_part`: or when this part of it is. */
  part?: number | undefined;
}

export interface Reachable {
  readonly segments: readonly Segment[];
  segment(sequence: number): Segment | undefined;
  readonly partTargetS: number;
}

/** Throws BAD_PAYLOAD for a part without its segment, and for what is too far ahead to be a client's next request. */
export function checkWish({ msn, part }: PlaylistWish, stream: Reachable): void {
  if (msn === undefined) {
    if (part !== undefined) throw new CodedError('BAD_PAYLOAD', '_HLS_part needs _HLS_msn');
    return;
  }
  const newest = stream.segments.findLast((s) => s.parts.length > 0);
  const whole = stream.segments.findLast((s) => s.complete);
  if (!newest || !whole || msn > whole.sequence + 2) throw new CodedError('BAD_PAYLOAD', '_HLS_msn is too far ahead');
  if (part === undefined || msn < newest.sequence) return;
  const last = msn === newest.sequence ? newest.parts.length - 1 : 0;
  if (part > last + advanceLimit(stream.partTargetS)) throw new CodedError('BAD_PAYLOAD', '_HLS_part is too far ahead');
}

/** The Advance Part Limit. */
function advanceLimit(partTargetS: number): number {
  return partTargetS < 1 ? Math.ceil(3 / partTargetS) : 3;
}

export function reached({ msn = 0, part }: PlaylistWish, stream: Reachable): boolean {
  const newest = stream.segments.findLast((s) => s.parts.length > 0);
  if (!newest || newest.sequence < msn) return false;
  if (newest.sequence > msn + 1) return true;
  const wanted = stream.segment(msn);
  if (part === undefined) return wanted?.complete ?? true;
  if (!wanted || part < wanted.parts.length) return true;
  // A part beyond a segment's last one stands for the first part of the next segment.
  return wanted.complete && newest.sequence > msn;
}
