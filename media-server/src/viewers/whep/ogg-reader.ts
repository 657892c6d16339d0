/** Ogg (RFC 3533) as ffmpeg writes it: a stream of pages taken apart into packets. */

const HEAD = 27;
const CAPTURE = 0x4f676753; // OggS

export class OggReader {
  readonly #onPacket: (packet: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Of a packet that goes on in the next segment, or page. */
  #pieces: Buffer[] = [];

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (bytes.length >= HEAD) {
      if (bytes.readUInt32BE(0) !== CAPTURE) {
        bytes = bytes.subarray(1);
        continue;
      }
      const count = bytes[26]!;
      const table = bytes.subarray(HEAD, HEAD + count);
      const length = HEAD + count + table.reduce((sum, size) => sum + size, 0);
      if (table.length < count || bytes.length < length) break;
      this.#page(table, bytes.subarray(HEAD + count, length));
      bytes = bytes.subarray(length);
    }
    this.#rest = Buffer.from(bytes);
  }

  /** A segment shorter than 255 bytes ends a packet (section 5). */
  #page(table: Buffer, body: Buffer): void {
    let at = 0;
    for (const size of table) {
      this.#pieces.push(Buffer.from(body.subarray(at, at + size)));
      at += size;
      if (size === 255) continue;
      const packet = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#onPacket(packet);
    }
  }
}
