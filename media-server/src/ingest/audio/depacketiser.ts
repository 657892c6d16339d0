/** RTP payloads → sound: MPEG-4 AAC (RFC 3640, 3.3.6: AAC-hbr) and G.711 (RFC 3551, 4.5.14). */
import type { SourceCounters } from '../access-unit.ts';
import { ahead, type RtpPacket } from '../rtp/rtp.ts';
import type { AudioFormat } from './format.ts';

export interface RawSound {
  data: Buffer;
  /** Of its first sample, in the clock of the packets. */
  timestamp: number;
  /** ms since 1970. */
  at: number;
}

/** How AU headers are laid out (RFC 3640, 4.1), bits. */
export interface AuLayout {
  size: number;
  index: number;
  indexDelta: number;
}

/** AAC-hbr: 13, 3, 3. */
export const AAC_HBR: AuLayout = { size: 13, index: 3, indexDelta: 3 };
/** 6144 bits a channel at most (ISO/IEC 14496-3, 4.5.3.2), eight channels. */
const MAX_AU_BYTES = 6144;
const MAX_UNITS = 64;
const MAX_DROPOUT = 3000;

interface Fragments {
  timestamp: number;
  /** Of the whole unit. */
  size: number;
  parts: Buffer[];
  bytes: number;
}

export interface AudioDepacketiserOptions {
  format: AudioFormat;
  clockRate: number;
  layout?: AuLayout;
  counters: Pick<SourceCounters, 'lost' | 'broken'>;
  emit: (sound: RawSound) => void;
}

export class AudioDepacketiser {
  readonly #o: AudioDepacketiserOptions;
  readonly #layout: AuLayout;
  #expected: number | undefined;
  #fragments: Fragments | undefined;

  constructor(options: AudioDepacketiserOptions) {
    this.#o = options;
    this.#layout = options.layout ?? AAC_HBR;
  }

  restart(): void {
    this.#expected = undefined;
    this.#fragments = undefined;
  }

  push(packet: RtpPacket, now: number): void {
    const { counters, emit, format } = this.#o;
    const gap = this.#expected === undefined ? 0 : ahead(this.#expected, packet.sequence, 16);
    this.#expected = (packet.sequence + 1) & 0xffff;
    if (gap !== 0) this.#fragments = undefined;
    if (gap > 0 && gap < MAX_DROPOUT) counters.lost += gap;
    if (packet.payload.length === 0) return;
    if (format.codec !== 'aac') emit({ data: Buffer.from(packet.payload), timestamp: packet.timestamp, at: now });
    else if (!this.#aac(packet, now)) {
      counters.broken++;
      this.#fragments = undefined;
    }
  }

  #aac({ payload, timestamp }: RtpPacket, now: number): boolean {
    const units = this.#headers(payload);
    if (!units) return false;
    const { sizes } = units;
    let { at } = units;
    const [first] = sizes;
    if (sizes.length === 1 && (this.#fragments || first! > payload.length - at))
      return this.#fragment(payload.subarray(at), timestamp, first!, now);
    this.#fragments = undefined;
    for (const [i, size] of sizes.entries()) {
      if (size === 0 || at + size > payload.length) return false;
      this.#emit(payload.subarray(at, at + size), timestamp, i, now);
      at += size;
    }
    return true;
  }

  /** 3.2.1: the sizes of the access units, and where the first begins. */
  #headers(payload: Buffer): { sizes: number[]; at: number } | undefined {
    const { size, index, indexDelta } = this.#layout;
    if (payload.length < 2) return undefined;
    const bits = payload.readUInt16BE(0);
    const end = 2 + Math.ceil(bits / 8);
    if (bits === 0 || end > payload.length) return undefined;
    let at = 16;
    const read = (count: number): number => {
      let value = 0;
      for (let i = 0; i < count; i++, at++) value = value * 2 + ((payload[at >> 3]! >> (7 - (at & 7))) & 1);
      return value;
    };
    const sizes: number[] = [];
    while (at + size + (sizes.length === 0 ? index : indexDelta) <= 16 + bits) {
      if (sizes.length >= MAX_UNITS) return undefined;
      const bytes = read(size);
      // Interleaved units (3.2.3.2) would come out of order: nobody sends them.
      if (read(sizes.length === 0 ? index : indexDelta) !== 0 || bytes > MAX_AU_BYTES) return undefined;
      sizes.push(bytes);
    }
    return sizes.length > 0 ? { sizes, at: end } : undefined;
  }

  /** 3.2.3.1: an access unit in several packets, each with the size of the whole. */
  #fragment(part: Buffer, timestamp: number, size: number, now: number): boolean {
    const before = this.#fragments;
    const f = before?.timestamp === timestamp && before.size === size ? before : { timestamp, size, parts: [] as Buffer[], bytes: 0 };
    this.#fragments = f;
    f.parts.push(Buffer.from(part));
    f.bytes += part.length;
    if (part.length === 0 || f.bytes > size) return false;
    if (f.bytes < size) return true;
    this.#fragments = undefined;
    this.#emit(Buffer.concat(f.parts), timestamp, 0, now);
    return true;
  }

  #emit(data: Buffer, timestamp: number, index: number, now: number): void {
    const { format, clockRate, emit } = this.#o;
    const step = Math.round((format.frameSamples * clockRate) / format.sampleRate);
    emit({ data: Buffer.from(data), timestamp: (timestamp + index * step) >>> 0, at: now });
  }
}
