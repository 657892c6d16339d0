/** Pictures → RTP packets (RFC 6184, packetization-mode 1): STAP-A for the parameter sets, single NAL units, FU-A. */
import type { AccessUnit } from '../../ingest/access-unit.ts';

/** Payload bytes a packet: with 36 of RTP header at most, 16 of SRTP and IPv6 it makes 1,280, which every path takes (RFC 8200, 5). */
const MAX_PAYLOAD = 1180;
/** Fixed fields (RFC 3550, 5.1), and with an extension of one word (RFC 8285, 4.2). */
const HEADER = 12;
const MAX_HEADER = HEADER + 8;
const STAP_A = 24;
const FU_A = 28;

export interface PacketiserOptions {
  payloadType: number;
  ssrc: number;
  firstSequence: number;
  /** Number of the extension by which key frames ask that this stream be shown without waiting; absent: they do not. */
  playoutDelayId?: number;
}

export class Packetiser {
  readonly #o: PacketiserOptions;
  readonly #memory = Buffer.allocUnsafeSlow(MAX_HEADER + MAX_PAYLOAD);
  #sequence: number;

  constructor(options: PacketiserOptions) {
    this.#o = options;
    this.#sequence = options.firstSequence & 0xffff;
  }

  /**
   * One packet after the other, each in the same memory: it is good until the next is asked for. `timestamp`: any whole number; its low 32 bits are
   * sent. A key frame is preceded by its parameter sets.
   */
  *packets(picture: AccessUnit, timestamp: number): Generator<Buffer, undefined> {
    const payloads: Buffer[][] = [];
    if (picture.key) payloads.push(...parameterSets(picture));
    for (const nal of picture.nals) {
      if (nal.length <= MAX_PAYLOAD) payloads.push([nal]);
      else payloads.push(...fragments(nal));
    }
    // Once heard it stands until it is said otherwise.
    const { playoutDelayId: id } = this.#o;
    const extension = id !== undefined && picture.key ? shownAtOnce(id) : undefined;
    for (const [i, parts] of payloads.entries())
      yield this.#packet(parts, timestamp, i === payloads.length - 1, i === 0 ? extension : undefined);
  }

  #packet(parts: Buffer[], timestamp: number, last: boolean, extension: Buffer | undefined): Buffer {
    const packet = this.#memory;
    packet[0] = extension ? 0x90 : 0x80;
    packet[1] = this.#o.payloadType | (last ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(((timestamp % 2 ** 32) + 2 ** 32) % 2 ** 32, 4);
    packet.writeUInt32BE(this.#o.ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    let length = HEADER;
    for (const part of extension ? [extension, ...parts] : parts) length += part.copy(packet, length);
    return packet.subarray(0, length);
  }
}

/**
 * One-byte header extension (RFC 8285, 4.2) of one word: two numbers of 12 bits in units of 10 ms, the least delay and the most. 0 and up to 500 ms
 * have Chromium show each picture when it is decoded, in place of some 20 ms later at an even pace.
 */
function shownAtOnce(id: number): Buffer {
  return Buffer.from([0xbe, 0xde, 0, 1, (id << 4) | 2, 0, 0, 50]);
}

function parameterSets({ track }: AccessUnit): Buffer[][] {
  const sets = [track.sps, ...track.pps];
  const size = sets.reduce((sum, s) => sum + 2 + s.length, 1);
  if (size > MAX_PAYLOAD) return sets.map((s) => [s]);
  // The aggregate's NRI is the highest of its units' (RFC 6184, 5.7).
  const nri = Math.max(...sets.map((s) => s[0]! & 0x60));
  const aggregate: Buffer[] = [Buffer.from([nri | STAP_A])];
  for (const s of sets) {
    const length = Buffer.allocUnsafe(2);
    length.writeUInt16BE(s.length, 0);
    aggregate.push(length, s);
  }
  return [aggregate];
}

function fragments(nal: Buffer): Buffer[][] {
  const head = nal[0]!;
  const body = nal.subarray(1);
  // Even pieces rather than one that is nearly empty.
  const count = Math.ceil(body.length / (MAX_PAYLOAD - 2));
  const size = Math.ceil(body.length / count);
  const out: Buffer[][] = [];
  for (let at = 0; at < body.length; at += size) {
    const start = at === 0 ? 0x80 : 0;
    const end = at + size >= body.length ? 0x40 : 0;
    out.push([Buffer.from([(head & 0xe0) | FU_A, start | end | (head & 0x1f)]), body.subarray(at, at + size)]);
  }
  return out;
}
