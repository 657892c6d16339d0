/** An MPEG transport stream (ISO/IEC 13818-1) of one programme, as ffmpeg writes it into a pipe → packets of its streams. */

/** Stream types (table 2-34) that we can carry. */
export const STREAM = { aac: 0x0f, h264: 0x1b, h265: 0x24 } as const;

export interface TsEvents {
  /** What the programme has, once it is known and whenever it changes: stream types. */
  onStreams(types: readonly number[]): void;
  /** A packet of an elementary stream (2.4.3.6). `pts`: 33 bits, 90 kHz. */
  onPacket(streamType: number, pts: number, data: Buffer): void;
}

const SIZE = 188;
const SYNC = 0x47;
const PAT = 0;
/** A picture of 8 MB is beyond any camera's. */
const MAX_PACKET_BYTES = 8 * 1024 * 1024;
const MAX_STREAMS = 16;

interface Stream {
  type: number;
  parts: Buffer[];
  bytes: number;
}

export class TsDemuxer {
  readonly #events: TsEvents;
  #rest: Buffer = Buffer.alloc(0);
  #pmt: number | undefined;
  readonly #streams = new Map<number, Stream>();
  #described = '';

  constructor(events: TsEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + SIZE <= bytes.length) {
      if (bytes[at] !== SYNC) {
        at++;
        continue;
      }
      this.#packet(bytes.subarray(at, at + SIZE));
      at += SIZE;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** 2.4.3.2 */
  #packet(packet: Buffer): void {
    const start = (packet[1]! & 0x40) !== 0;
    const pid = packet.readUInt16BE(1) & 0x1fff;
    const control = (packet[3]! >> 4) & 3;
    if (packet[1]! & 0x80 || !(control & 1)) return;
    const from = control === 3 ? 5 + packet[4]! : 4;
    if (from >= SIZE) return;
    const payload = packet.subarray(from);
    if (pid === PAT) this.#programmes(payload, start);
    else if (pid === this.#pmt) this.#programme(payload, start);
    else {
      const stream = this.#streams.get(pid);
      if (stream) this.#elementary(stream, payload, start);
    }
  }

  /** 2.4.4.3: the first programme's map. */
  #programmes(payload: Buffer, start: boolean): void {
    const table = section(payload, start, 0x00);
    for (let at = 8; table && at + 4 <= table.length - 4; at += 4) {
      if (table.readUInt16BE(at) === 0) continue;
      this.#pmt = table.readUInt16BE(at + 2) & 0x1fff;
      return;
    }
  }

  /** 2.4.4.8 */
  #programme(payload: Buffer, start: boolean): void {
    const table = section(payload, start, 0x02);
    if (!table || table.length < 16) return;
    const described = table.toString('latin1');
    if (described === this.#described) return;
    this.#described = described;
    const found = new Map<number, Stream>();
    let at = 12 + (table.readUInt16BE(10) & 0x0fff);
    while (at + 5 <= table.length - 4 && found.size < MAX_STREAMS) {
      found.set(table.readUInt16BE(at + 1) & 0x1fff, { type: table[at]!, parts: [], bytes: 0 });
      at += 5 + (table.readUInt16BE(at + 3) & 0x0fff);
    }
    this.#streams.clear();
    for (const [pid, stream] of found) this.#streams.set(pid, stream);
    this.#events.onStreams([...found.values()].map((s) => s.type));
  }

  #elementary(stream: Stream, payload: Buffer, start: boolean): void {
    if (start) this.#finish(stream);
    else if (stream.parts.length === 0) return;
    stream.parts.push(payload);
    stream.bytes += payload.length;
    if (stream.bytes > MAX_PACKET_BYTES) {
      stream.parts = [];
      stream.bytes = 0;
      return;
    }
    const size = packetSize(stream.parts[0]!);
    // One of unknown size ends where the next begins.
    if (size > 0 && stream.bytes >= size) this.#finish(stream);
  }

  #finish(stream: Stream): void {
    const { parts, type } = stream;
    if (parts.length === 0) return;
    const packet = Buffer.concat(parts);
    stream.parts = [];
    stream.bytes = 0;
    // 2.4.3.6: the start code, and a header with a PTS.
    if (packet.length < 14 || packet.readUIntBE(0, 3) !== 1 || !(packet[7]! & 0x80)) return;
    const from = 9 + packet[8]!;
    if (from >= packet.length) return;
    const size = packetSize(packet);
    this.#events.onPacket(type, readPts(packet), packet.subarray(from, size > from ? Math.min(size, packet.length) : packet.length));
  }
}

/** Bytes of a packet with its header; 0: not said (only video may). */
function packetSize(head: Buffer): number {
  const said = head.length >= 6 ? head.readUInt16BE(4) : 0;
  return said === 0 ? 0 : said + 6;
}

/** 33 bits in five bytes (2.4.3.7). */
function readPts(b: Buffer): number {
  const high = (b[9]! >> 1) & 7;
  const middle = b.readUInt16BE(10) >> 1;
  const low = b.readUInt16BE(12) >> 1;
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}

/** A table that lies in one packet, as ffmpeg writes them; with its checksum at the end. */
function section(payload: Buffer, start: boolean, tableId: number): Buffer | undefined {
  if (!start) return undefined;
  const from = 1 + payload[0]!;
  if (from + 12 > payload.length || payload[from] !== tableId) return undefined;
  const end = from + 3 + (payload.readUInt16BE(from + 1) & 0x0fff);
  return end <= payload.length ? payload.subarray(from, end) : undefined;
}
