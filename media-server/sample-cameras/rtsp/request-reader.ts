/** Requests of RTSP 1.0 (RFC 2326) out of a TCP stream in which interleaved packets (10.12) may lie between them. */

export interface RtspRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

export interface RtspListener {
  request(request: RtspRequest): void;
  /** An RTP or RTCP packet of the client on one of its channels. */
  interleaved(channel: number, length: number): void;
}

/** A request that is longer is no request. */
const HEAD_LIMIT = 8192;
const BODY_LIMIT = 65_536;
const DOLLAR = 0x24;

export class RequestReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #listener: RtspListener;

  constructor(listener: RtspListener) {
    this.#listener = listener;
  }

  /** Takes the next bytes. Throws on what is not RTSP; the connection is then of no more use. */
  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const used = this.#rest[0] === DOLLAR ? this.#interleaved() : this.#request();
      if (used === 0) return;
      this.#rest = this.#rest.subarray(used);
    }
  }

  #interleaved(): number {
    if (this.#rest.length < 4) return 0;
    const length = this.#rest.readUInt16BE(2);
    if (this.#rest.length < 4 + length) return 0;
    this.#listener.interleaved(this.#rest[1]!, length);
    return 4 + length;
  }

  #request(): number {
    if (this.#rest.length === 0) return 0;
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#rest.length > HEAD_LIMIT) throw new Error('the request does not end');
      return 0;
    }
    const [first = '', ...lines] = this.#rest.toString('utf8', 0, end).split('\r\n');
    const match = /^([A-Z_]{1,20}) (\S{1,2000}) RTSP\/1\.0$/.exec(first.trim());
    if (!match) throw new Error('not an RTSP request');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    const body = Number(headers['content-length'] ?? 0);
    if (!(body >= 0 && body <= BODY_LIMIT)) throw new Error('the body is too long');
    const total = end + 4 + body;
    if (this.#rest.length < total) return 0;
    this.#listener.request({ method: match[1]!, url: match[2]!, headers });
    return total;
  }
}
