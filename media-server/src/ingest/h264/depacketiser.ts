/**
 * RTP payloads → pictures, RFC 6184: single NAL units (5.6), STAP-A (5.7.1), FU-A (5.8). What is broken is counted and
 * dropped, and the stream goes on at the next key frame.
 */
import type { SourceCounters } from '../access-unit.ts';
import { ahead, type RtpPacket } from '../rtp/rtp.ts';
import { isPicture, NAL, nalType } from './nal.ts';

/** NAL units of one picture, everything that came with its timestamp. */
export interface RawPicture {
  nals: Buffer[];
  timestamp: number;
  /** When its first packet came in, ms since 1970. */
  firstAt: number;
}

/** A picture of 8 Mbit is beyond any camera's; more is garbage or an attack. */
const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
const MAX_PICTURE_NALS = 2048;
/** A jump of the sequence numbers beyond this is a restart of the sender, not a loss (RFC 3550, A.1 MAX_DROPOUT). */
const MAX_DROPOUT = 3000;

export class H264Depacketiser {
  readonly #counters: SourceCounters;
  readonly #emit: (picture: RawPicture) => void;
  #picture: RawPicture | undefined;
  #bytes = 0;
  #fragments: Buffer[] | undefined;
  #broken = false;
  #expected: number | undefined;
  #emitted: number | undefined;
  /** Some cameras set the marker in the middle of a picture: then only the next timestamp ends one. */
  #markerLies = false;

  constructor(counters: SourceCounters, emit: (picture: RawPicture) => void) {
    this.#counters = counters;
    this.#emit = emit;
  }

  push(packet: RtpPacket, now: number): void {
    const gap = this.#isGap(packet.sequence);
    if (gap) {
      this.#broken = true;
      this.#fragments = undefined;
    }
    if (this.#picture && packet.timestamp !== this.#picture.timestamp) this.#finish();
    if (!this.#picture) {
      this.#begin(packet.timestamp, now);
      // What was lost may have been the beginning of this very picture.
      if (gap) this.#broken = !beginsPicture(packet.payload);
    }
    if (packet.payload.length === 0) return;
    if (!this.#unpack(packet.payload)) {
      this.#counters.broken++;
      this.#broken = true;
      this.#fragments = undefined;
    }
    if (this.#bytes > MAX_PICTURE_BYTES || this.#picture!.nals.length > MAX_PICTURE_NALS) this.#giveUp();
    // Markers also come on lone parameter sets; a picture ends with a picture in it.
    if (packet.marker && !this.#markerLies && (this.#broken || this.#picture!.nals.some(isPicture))) this.#finish();
  }

  /** The sender began anew, with other sequence numbers and timestamps. */
  restart(): void {
    this.#picture = undefined;
    this.#fragments = undefined;
    this.#broken = false;
    this.#expected = undefined;
    this.#emitted = undefined;
  }

  /** Bytes that could not be read as RTP came in the place of a packet: the picture under way cannot be trusted. */
  pushGarbage(): void {
    this.#counters.broken++;
    this.#broken = true;
    this.#fragments = undefined;
  }

  #begin(timestamp: number, now: number): void {
    if (timestamp === this.#emitted) this.#markerLies = true;
    this.#picture = { nals: [], timestamp, firstAt: now };
    this.#bytes = 0;
  }

  #isGap(sequence: number): boolean {
    const expected = this.#expected;
    this.#expected = (sequence + 1) & 0xffff;
    if (expected === undefined || sequence === expected) return false;
    const gap = ahead(expected, sequence, 16);
    if (gap > 0 && gap < MAX_DROPOUT) this.#counters.lost += gap;
    return true;
  }

  #unpack(payload: Buffer): boolean {
    const type = nalType(payload);
    if (type >= 1 && type <= 23) return this.#fragments === undefined && this.#add(payload);
    if (type === 24) return this.#fragments === undefined && this.#addAggregate(payload);
    if (type === 28) return this.#addFragment(payload);
    return false;
  }

  #add(nal: Buffer): boolean {
    // forbidden_zero_bit: a syntax error (RFC 6184, 1.3).
    if (nal.length === 0 || nal[0]! & 0x80) return false;
    this.#bytes += nal.length;
    this.#picture!.nals.push(nal);
    return true;
  }

  #addAggregate(payload: Buffer): boolean {
    let at = 1;
    while (at + 2 <= payload.length) {
      const size = payload.readUInt16BE(at);
      at += 2;
      if (size === 0 || at + size > payload.length) return false;
      if (!this.#add(payload.subarray(at, at + size))) return false;
      at += size;
    }
    return at === payload.length && at > 1;
  }

  #addFragment(payload: Buffer): boolean {
    if (payload.length < 3) return false;
    const header = payload[1]!;
    const start = (header & 0x80) !== 0;
    const end = (header & 0x40) !== 0;
    if (start && end) return false;
    if (start) {
      if (this.#fragments) return false;
      this.#fragments = [Buffer.from([(payload[0]! & 0xe0) | (header & 0x1f)])];
    } else if (!this.#fragments) {
      // The rest of a unit whose beginning is known to be missing is not broken a second time.
      return this.#broken;
    }
    this.#fragments.push(payload.subarray(2));
    this.#bytes += payload.length;
    if (!end) return true;
    const nal = Buffer.concat(this.#fragments);
    this.#fragments = undefined;
    this.#bytes -= nal.length;
    return this.#add(nal);
  }

  #giveUp(): void {
    this.#picture!.nals = [];
    this.#bytes = 0;
    this.#fragments = undefined;
    this.#broken = true;
  }

  #finish(): void {
    const picture = this.#picture!;
    const complete = !this.#broken && this.#fragments === undefined;
    this.#picture = undefined;
    this.#fragments = undefined;
    this.#broken = false;
    this.#emitted = picture.timestamp;
    if (complete) {
      if (picture.nals.length > 0) this.#emit(picture);
    } else this.#emit({ ...picture, nals: [] });
  }
}

/** Whether a payload holds the first bytes of a picture: a delimiter or parameter set, or a slice whose first_mb_in_slice is 0 (ue(v) 0 is the single bit 1). */
function beginsPicture(payload: Buffer): boolean {
  const type = payload.length > 0 ? nalType(payload) : 0;
  if (type === 24) return payload.length > 4 && beginsPicture(payload.subarray(3));
  if (type === NAL.AUD || type === NAL.SPS) return true;
  const first =
    type === 28 ? (payload[1]! & 0x80 ? payload[2] : undefined) : type === NAL.SLICE || type === NAL.IDR ? payload[1] : undefined;
  return first !== undefined && (first & 0x80) !== 0;
}

/** Whether decoding can begin with these NAL units. */
export function isKey(nals: readonly Buffer[]): boolean {
  return nals.some((n) => nalType(n) === NAL.IDR);
}
