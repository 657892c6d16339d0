/**
 * Bytes of an RTSP connection → messages (RFC 2326, 15) and interleaved frames (10.12), however the network split them.
 * Sizes are limited; garbage between messages is skipped and counted.
 */

export interface RtspMessage {
  /** `RTSP/1.0 200 OK`, or a request line of the server's. */
  startLine: string;
  /** Names in lower case; several fields of one name are kept apart. */
  headers: Map<string, string[]>;
  body: Buffer;
}

export interface ReaderEvents {
  onMessage(message: RtspMessage): void;
  /** The bytes are only good during the call: what they are read into is used again. */
  onFrame(channel: number, bytes: Buffer): void;
  /** Garbage was skipped, or a frame of a channel that nobody set up. */
  onGarbage(bytes: number): void;
}

export class RtspSyntaxError extends Error {}

const MAX_HEADER = 16 * 1024;
const MAX_BODY = 64 * 1024;
/** So much garbage in a row is not RTSP. */
const MAX_GARBAGE = 4 * 1024 * 1024;
const DOLLAR = 0x24;

export class RtspReader {
  readonly #events: ReaderEvents;
  /** What has come and could not be taken yet: copies. */
  #parts: Buffer[] = [];
  #size = 0;
  /** With fewer bytes than this nothing more can be taken: they are not put together before. */
  #wanted = 0;
  #head: { startLine: string; headers: Map<string, string[]>; length: number } | undefined;
  #garbage = 0;
  /** Channels that frames may come on; others are taken for garbage. */
  readonly channels = new Set<number>();

  constructor(events: ReaderEvents) {
    this.#events = events;
  }

  /** `chunk` is only good during the call. Throws RtspSyntaxError when the peer cannot be understood any more. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (this.#size > 0 && rest.length > 0) {
      // No more than completes what waits: the others need no copy.
      const missing = this.#wanted > this.#size ? this.#wanted - this.#size : rest.length;
      this.#keep(rest.subarray(0, missing));
      rest = rest.subarray(missing);
      if (this.#size < this.#wanted) return;
      const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
      this.#parts = [];
      this.#size = 0;
      this.#keep(bytes.subarray(this.#takeAll(bytes)));
    }
    if (rest.length > 0) this.#keep(rest.subarray(this.#takeAll(rest)));
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(Buffer.from(bytes));
    this.#size += bytes.length;
  }

  /** Gives how many bytes it used. */
  #takeAll(bytes: Buffer): number {
    for (let at = 0; ; ) {
      this.#wanted = 0;
      at = this.#takeFrames(bytes, at);
      const used = this.#take(bytes.subarray(at));
      if (used === 0) return at;
      at += used;
    }
  }

  /** Whole frames, which are nearly all that comes. Gives where it has got to. */
  #takeFrames(bytes: Buffer, from: number): number {
    if (this.#head) return from;
    let at = from;
    while (at + 4 <= bytes.length && bytes[at] === DOLLAR && this.channels.has(bytes[at + 1]!)) {
      const end = at + 4 + bytes.readUInt16BE(at + 2);
      if (end > bytes.length) break;
      this.#garbage = 0;
      this.#events.onFrame(bytes[at + 1]!, bytes.subarray(at + 4, end));
      at = end;
    }
    return at;
  }

  /** Takes one thing from the front; gives how many bytes it used, 0 when more are needed. */
  #take(bytes: Buffer): number {
    if (this.#head) return this.#takeBody(bytes, this.#head);
    if (bytes.length === 0) return 0;
    if (bytes[0] === DOLLAR) {
      if (bytes.length < 4) return this.#waits(4);
      if (!this.channels.has(bytes[1]!)) return this.#skip(bytes);
      return this.#waits(4 + bytes.readUInt16BE(2));
    }
    // A start line begins with a capital letter (a method or `RTSP/`); blank lines before it are allowed (RFC 2326, 4.1).
    if (bytes[0] === 0x0d || bytes[0] === 0x0a) return 1;
    if (bytes[0]! < 0x41 || bytes[0]! > 0x5a) return this.#skip(bytes);
    return this.#takeHead(bytes);
  }

  #takeHead(bytes: Buffer): number {
    const lineEnd = bytes.indexOf(0x0a);
    const line = bytes.toString('latin1', 0, Math.min(lineEnd < 0 ? bytes.length : lineEnd, 512));
    // Decided as early as possible, so that garbage beginning with a capital does not hold up what follows.
    if (!(lineEnd < 0 ? /^[A-Z_]{1,20}($|[ /])/ : /^(RTSP\/1\.\d \d{3}|[A-Z_]{3,20} \S+ RTSP\/1\.\d)/).test(line)) return this.#skip(bytes);
    const end = headEnd(bytes);
    if (end < 0) {
      if (bytes.length > MAX_HEADER) throw new RtspSyntaxError('header too large');
      return 0;
    }
    if (end > MAX_HEADER) throw new RtspSyntaxError('header too large');
    const lines = bytes.toString('utf8', 0, end).split(/\r?\n/);
    const headers = new Map<string, string[]>();
    for (const field of lines.slice(1)) {
      const colon = field.indexOf(':');
      if (colon < 1) continue;
      const name = field.slice(0, colon).trim().toLowerCase();
      headers.set(name, [...(headers.get(name) ?? []), field.slice(colon + 1).trim()]);
    }
    const length = Number(headers.get('content-length')?.[0] ?? 0);
    if (!Number.isInteger(length) || length < 0) throw new RtspSyntaxError('bad Content-Length');
    if (length > MAX_BODY) throw new RtspSyntaxError('body too large');
    this.#garbage = 0;
    this.#head = { startLine: lines[0]!, headers, length };
    // With an empty body, `#takeBody` is reached without further bytes.
    return length === 0 ? this.#finish(end) : end;
  }

  #finish(used: number, body: Buffer = Buffer.alloc(0)): number {
    const { startLine, headers } = this.#head!;
    this.#head = undefined;
    this.#events.onMessage({ startLine, headers, body });
    return used;
  }

  #takeBody(bytes: Buffer, head: { length: number }): number {
    return bytes.length < head.length ? this.#waits(head.length) : this.#finish(head.length, Buffer.from(bytes.subarray(0, head.length)));
  }

  #waits(bytes: number): 0 {
    this.#wanted = bytes;
    return 0;
  }

  /** Skips to the next byte that could begin something. */
  #skip(bytes: Buffer): number {
    let at = 1;
    while (at < bytes.length && bytes[at] !== DOLLAR && !(bytes[at] === 0x52 && 'RTSP/'.startsWith(bytes.toString('latin1', at, at + 5))))
      at++;
    this.#garbage += at;
    if (this.#garbage > MAX_GARBAGE) throw new RtspSyntaxError('nothing but garbage');
    this.#events.onGarbage(at);
    return at;
  }
}

/** Just past the empty line; cameras do end lines with a bare line feed. */
function headEnd(bytes: Buffer): number {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf < 0 && lf < 0) return -1;
  if (lf < 0 || (crlf >= 0 && crlf < lf)) return crlf + 4;
  return lf + 2;
}
