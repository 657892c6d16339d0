/** An RTSP client that is nothing but a socket. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Interleaved {
  channel: number;
  bytes: Buffer;
}

export class RawClient {
  readonly socket: Socket;
  readonly packets: Interleaved[] = [];
  #rest = Buffer.alloc(0);
  #answers: Answer[] = [];
  #wake: Array<() => void> = [];
  #sequence = 0;
  closed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes) => {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      while (this.#take());
      this.#notify();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.#notify();
    });
  }

  /** Sends a request and waits for its answer. */
  async ask(method: string, url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const lines = Object.entries({ CSeq: String(++this.#sequence), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n`);
    await this.until(() => this.#answers.length > 0);
    return this.#answers.shift()!;
  }

  /** Resolves as soon as `condition` holds; looks again whenever something came. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }

  #take(): boolean {
    if (this.#rest[0] === 0x24) {
      if (this.#rest.length < 4 || this.#rest.length < 4 + this.#rest.readUInt16BE(2)) return false;
      const end = 4 + this.#rest.readUInt16BE(2);
      this.packets.push({ channel: this.#rest[1]!, bytes: Buffer.from(this.#rest.subarray(4, end)) });
      this.#rest = this.#rest.subarray(end);
      return true;
    }
    const head = this.#rest.indexOf('\r\n\r\n');
    if (head < 0) return false;
    const [first = '', ...lines] = this.#rest.toString('utf8', 0, head).split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
    const end = head + 4 + Number(headers['content-length'] ?? 0);
    if (this.#rest.length < end) return false;
    this.#answers.push({ status: Number(first.split(' ')[1]), headers, body: this.#rest.toString('utf8', head + 4, end) });
    this.#rest = this.#rest.subarray(end);
    return true;
  }
}
