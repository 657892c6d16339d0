/** RTP payloads → pictures. What is broken is counted and dropped, and the stream goes on at the next key frame. */
import type { SourceCounters } from '../access-unit.ts';
import { ahead, type RtpPacket } from '../rtp/rtp.ts';
import type { VideoFormat } from './format.ts';
import { PictureMemory } from './picture-memory.ts';

/** NAL units of one picture, everything that came with its timestamp. */
export interface RawPicture {
  nals: Buffer[];
  /** As in `AccessUnit`. */
  framed?: boolean;
  /** Between the picture before and this one, which is whole, something was lost: a picture, for all that is known. */
  afterLoss?: boolean;
  timestamp: number;
  /** When its first packet came in, ms since 1970. */
  firstAt: number;
}

/** A picture of 8 MB is beyond any camera's; more is garbage or an attack. */
const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
const MAX_PICTURE_NALS = 2048;
/** A jump of the sequence numbers beyond this is a restart of the sender, not a loss (RFC 3550, A.1 MAX_DROPOUT). */
const MAX_DROPOUT = 3000;
/** Two fields of a frame may share a timestamp; more pictures that do mean that the camera's clock stands. */
const MOST_FIRST_SLICES = 2;

export class VideoDepacketiser {
  readonly #format: VideoFormat;
  readonly #counters: SourceCounters;
  readonly #emit: (picture: RawPicture) => void;
  #picture: RawPicture | undefined;
  #bytes = 0;
  #firstSlices = 0;
  /** Payloads are only good during the call. */
  readonly #memory = new PictureMemory();
  /** A unit that comes in fragments is under way. */
  #fragmented = false;
  #broken = false;
  /** Something was lost, and nothing but empty packets came since. */
  #gap = false;
  #expected: number | undefined;
  #emitted: number | undefined;
  /** Some cameras set the marker in the middle of a picture: then only the next timestamp ends one. */
  #markerLies = false;
  /** Timestamps say nothing: a picture ends where the next begins. */
  #clockStands = false;

  constructor(format: VideoFormat, counters: SourceCounters, emit: (picture: RawPicture) => void) {
    this.#format = format;
    this.#counters = counters;
    this.#emit = emit;
  }

  push(packet: RtpPacket, now: number): void {
    if (this.#isGap(packet.sequence)) {
      this.#gap = true;
      this.#broken = true;
      this.#dropUnit();
    }
    const { payload } = packet;
    if (payload.length === 0) return;
    const gap = this.#gap;
    this.#gap = false;
    if (this.#picture && this.#ends(packet)) this.#finish();
    if (!this.#picture) {
      const begins = this.#begins(payload);
      if (packet.timestamp === this.#emitted && !begins) this.#markerLies = true;
      this.#begin(packet.timestamp, now);
      // What was lost may have been the beginning of this very picture.
      if (gap) this.#broken = !begins;
      if (gap && begins) this.#picture!.afterLoss = true;
    }
    if (!this.#unpack(payload)) {
      this.#counters.broken++;
      this.#broken = true;
      this.#dropUnit();
    }
    if (this.#bytes > MAX_PICTURE_BYTES || this.#picture!.nals.length > MAX_PICTURE_NALS) this.#giveUp();
    // Markers also come on lone parameter sets; a picture ends with a picture in it.
    if (packet.marker && !this.#markerLies && (this.#broken || this.#picture!.nals.some((n) => this.#format.isPicture(n)))) this.#finish();
  }

  /** The sender began anew, with other sequence numbers and timestamps. */
  restart(): void {
    this.#picture = undefined;
    this.#dropUnit();
    this.#broken = false;
    this.#gap = false;
    this.#expected = undefined;
    this.#emitted = undefined;
  }

  /** Bytes that could not be read as RTP came in the place of a packet: the picture under way cannot be trusted. */
  pushGarbage(): void {
    this.#counters.broken++;
    this.#broken = true;
    this.#dropUnit();
  }

  #begin(timestamp: number, now: number): void {
    this.#picture = { nals: [], framed: true, timestamp, firstAt: now };
    this.#bytes = 0;
    this.#firstSlices = 0;
  }

  /** Whether a packet is of another picture than the one under way. */
  #ends({ timestamp, payload }: RtpPacket): boolean {
    if (timestamp !== this.#picture!.timestamp) {
      this.#clockStands = false;
      return true;
    }
    return this.#clockStands && this.#firstSlices > 0 && this.#begins(payload);
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
    const packing = payload.length >= this.#format.headerBytes ? this.#format.packing(payload) : undefined;
    if (packing === 'single') return !this.#fragmented && this.#add(payload);
    if (packing === 'aggregate') return !this.#fragmented && this.#addAggregate(payload);
    return packing === 'fragment' && this.#addFragment(payload);
  }

  #add(nal: Buffer): boolean {
    this.#memory.append(nal);
    this.#bytes += nal.length;
    return this.#addUnit();
  }

  /** The unit under way is whole. */
  #addUnit(): boolean {
    const nal = this.#memory.take();
    // forbidden_zero_bit: a syntax error (RFC 6184, 1.3; RFC 7798, 1.1.4).
    if (nal.length < this.#format.headerBytes || nal[0]! & 0x80) return false;
    this.#picture!.nals.push(nal);
    if (this.#format.isFirstSlice(nal) && ++this.#firstSlices > MOST_FIRST_SLICES) this.#clockStands = true;
    return true;
  }

  #dropUnit(): void {
    this.#fragmented = false;
    this.#memory.drop();
  }

  #addAggregate(payload: Buffer): boolean {
    const start = this.#format.headerBytes;
    let at: number = start;
    while (at + 2 <= payload.length) {
      const size = payload.readUInt16BE(at);
      at += 2;
      if (size === 0 || at + size > payload.length) return false;
      if (!this.#add(payload.subarray(at, at + size))) return false;
      at += size;
    }
    return at === payload.length && at > start;
  }

  #addFragment(payload: Buffer): boolean {
    const fragment = this.#format.fragment(payload);
    if (!fragment || (fragment.start && fragment.end)) return false;
    if (fragment.start) {
      if (this.#fragmented) return false;
      this.#fragmented = true;
      this.#memory.append(this.#format.fragmentHeader(payload));
    } else if (!this.#fragmented) {
      // The rest of a unit whose beginning is known to be missing is not broken a second time.
      return this.#broken;
    }
    this.#memory.append(payload.subarray(fragment.at));
    this.#bytes += payload.length;
    if (!fragment.end) return true;
    this.#fragmented = false;
    return this.#addUnit();
  }

  #giveUp(): void {
    this.#picture!.nals = [];
    this.#bytes = 0;
    this.#dropUnit();
    this.#broken = true;
  }

  #finish(): void {
    const picture = this.#picture!;
    const complete = !this.#broken && !this.#fragmented;
    this.#picture = undefined;
    this.#dropUnit();
    this.#broken = false;
    this.#emitted = picture.timestamp;
    if (complete) {
      if (picture.nals.length > 0) this.#emit(picture);
    } else this.#emit({ ...picture, nals: [] });
  }

  /** Whether a payload holds the first bytes of a picture. */
  #begins(payload: Buffer): boolean {
    const { headerBytes } = this.#format;
    const packing = payload.length >= headerBytes ? this.#format.packing(payload) : undefined;
    if (packing === 'fragment') {
      const fragment = this.#format.fragment(payload);
      if (!fragment?.start) return false;
      return this.#format.isFirstSlice(
        Buffer.concat([this.#format.fragmentHeader(payload), payload.subarray(fragment.at, fragment.at + 1)]),
      );
    }
    const nal = packing === 'aggregate' ? payload.subarray(headerBytes + 2) : payload;
    return packing !== undefined && nal.length > headerBytes && (this.#format.isHead(nal) || this.#format.isFirstSlice(nal));
  }
}
