/** MPEG transport stream (ISO/IEC 13818-1): one programme of pictures and, where there is some, sound. */
import { adtsHead } from '../adts.ts';
import type { LaneTrack } from '../audio-lane.ts';
import { crc32Mpeg } from './crc32.ts';

const PACKET = 188;
const PMT_PID = 0x1000;
const VIDEO_PID = 0x100;
const AUDIO_PID = 0x101;
/** stream_type (table 2-34). */
const STREAM_TYPE = { h264: 0x1b, h265: 0x24, aac: 0x0f };
/** Time stamps on the wire, above ours: the clock has to run ahead of what is decoded. */
const START = 90_000;
const CLOCK_AHEAD = 45_000;
const WRAP = 2 ** 33;

export interface TsPicture {
  /** Byte stream (Annex B) of the access unit, parameter sets and delimiter included. */
  data: readonly Buffer[];
  key: boolean;
  /** 90 kHz. */
  dts: number;
  pts: number;
}

export class TsWriter {
  readonly #sound: LaneTrack | undefined;
  readonly #tables: [Buffer, Buffer];
  readonly #counters = new Map<number, number>();

  constructor(codec: 'h264' | 'h265', sound: LaneTrack | undefined) {
    this.#sound = sound;
    this.#tables = [pat(), pmt(codec, sound !== undefined)];
  }

  /** PAT and PMT: at the beginning of each segment (RFC 8216bis, 3.1.1). */
  tables(): Buffer[] {
    const [a, m] = this.#tables;
    return [this.#section(0, a), this.#section(PMT_PID, m)];
  }

  picture({ data, key, dts, pts }: TsPicture): Buffer[] {
    // Of pictures the length may be left open (2.4.3.7).
    const head = pesHead(0xe0, 0, pts + START, dts + START);
    return this.#packets(VIDEO_PID, Buffer.concat([head, ...data]), { key, clock: dts + START - CLOCK_AHEAD });
  }

  /** Consecutive AAC frames; `pts` of the first one. */
  sound(frames: readonly Buffer[], pts: number): Buffer[] {
    const sound = this.#sound;
    if (!sound || frames.length === 0) return [];
    const body = Buffer.concat(frames.flatMap((f) => [adtsHead(sound, f.length), f]));
    return this.#packets(AUDIO_PID, Buffer.concat([pesHead(0xc0, body.length, pts + START), body]));
  }

  #section(pid: number, section: Buffer): Buffer {
    const packet = Buffer.alloc(PACKET, 0xff);
    this.#head(pid, true, 1).copy(packet);
    packet[4] = 0; // pointer_field
    section.copy(packet, 5);
    return packet;
  }

  #packets(pid: number, pes: Buffer, first?: { key: boolean; clock: number }): Buffer[] {
    const out: Buffer[] = [];
    for (let at = 0; at < pes.length; ) {
      const begins = at === 0;
      let adaptation = begins && first ? adaptationField(first.key, first.clock) : Buffer.alloc(0);
      const room = PACKET - 4 - adaptation.length;
      const left = pes.length - at;
      if (left < room) adaptation = stuffed(adaptation, room - left);
      const size = PACKET - 4 - adaptation.length;
      const head = this.#head(pid, begins, adaptation.length > 0 ? 3 : 1);
      out.push(Buffer.concat([head, adaptation, pes.subarray(at, at + size)], PACKET));
      at += size;
    }
    return out;
  }

  /** `control`: 1 payload only, 3 adaptation field before it (2.4.3.3). */
  #head(pid: number, begins: boolean, control: number): Buffer {
    const counter = this.#counters.get(pid) ?? 0;
    this.#counters.set(pid, (counter + 1) & 15);
    return Buffer.from([0x47, (begins ? 0x40 : 0) | (pid >> 8), pid & 0xff, (control << 4) | counter]);
  }
}

/** random_access_indicator and PCR (2.4.3.4). */
function adaptationField(key: boolean, clock: number): Buffer {
  const base = wrapped(clock);
  const field = Buffer.alloc(8);
  field[0] = 7;
  field[1] = 0x10 | (key ? 0x40 : 0);
  field.writeUInt32BE(Math.floor(base / 2), 2);
  field[6] = ((base % 2) << 7) | 0x7e;
  return field;
}

function stuffed(field: Buffer, more: number): Buffer {
  // One byte is the length alone; two the length and flags that say nothing.
  const whole = Buffer.alloc(field.length + more, 0xff);
  if (field.length > 0) field.copy(whole);
  else if (more > 1) whole[1] = 0;
  whole[0] = whole.length - 1;
  return whole;
}

/** PES packet header (2.4.3.6). */
function pesHead(streamId: number, size: number, pts: number, dts = pts): Buffer {
  const both = dts !== pts;
  const stamps = both ? [stamp(3, pts), stamp(1, dts)] : [stamp(2, pts)];
  const extra = both ? 10 : 5;
  const length = size === 0 || size + 3 + extra > 0xffff ? 0 : size + 3 + extra;
  // data_alignment_indicator: a picture, or an AAC frame, begins here.
  return Buffer.concat([Buffer.from([0, 0, 1, streamId, length >> 8, length & 0xff, 0x84, both ? 0xc0 : 0x80, extra]), ...stamps]);
}

function stamp(prefix: number, ticks: number): Buffer {
  const t = wrapped(ticks);
  const high = Math.floor(t / 2 ** 30);
  const middle = Math.floor(t / 2 ** 15) % 2 ** 15;
  const low = t % 2 ** 15;
  return Buffer.from([(prefix << 4) | (high << 1) | 1, middle >> 7, ((middle << 1) & 0xff) | 1, low >> 7, ((low << 1) & 0xff) | 1]);
}

function wrapped(ticks: number): number {
  return ((Math.round(ticks) % WRAP) + WRAP) % WRAP;
}

function pat(): Buffer {
  return table(0, [0, 1, 0xe0 | (PMT_PID >> 8), PMT_PID & 0xff]);
}

function pmt(codec: 'h264' | 'h265', sound: boolean): Buffer {
  const stream = (type: number, pid: number) => [type, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, 0];
  const streams = [...stream(STREAM_TYPE[codec], VIDEO_PID), ...(sound ? stream(STREAM_TYPE.aac, AUDIO_PID) : [])];
  return table(2, [0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff, 0xf0, 0, ...streams]);
}

/** A section of programme or stream 1, version 0, the only one (2.4.4). */
function table(id: number, content: number[]): Buffer {
  const length = 5 + content.length + 4;
  const section = Buffer.from([id, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0, ...content]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32Mpeg(section));
  return Buffer.concat([section, crc]);
}
