/** One HTTP/1.1 connection that asks one thing after the other (RFC 9112): as cheap as it can be, for hundreds of viewers in one process. */
import { connect, type Socket } from 'node:net';

export interface LineAnswer {
  status: number;
  location: string | undefined;
  body: Buffer;
}

interface Waiting {
  resolve(answer: LineAnswer): void;
  reject(error: Error): void;
  /** Whether the body is wanted; else it is only counted. */
  keep: boolean;
}

interface Head {
  status: number;
  location: string | undefined;
  length: number;
}

export class HttpLine {
  readonly #host: string;
  readonly #headers: string;
  readonly #socket: Socket;
  #waiting: Waiting | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #head: Head | undefined;
  #body: Buffer[] = [];
  #got = 0;
  bytes = 0;

  /** `base`: scheme, host and port. Answers have to say how long they are. */
  constructor(base: string, headers: Record<string, string> = {}) {
    const { hostname, port, host } = new URL(base);
    this.#host = host;
    this.#headers = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (chunk) => this.#takes(chunk));
    this.#socket.on('error', (error) => this.#fails(error));
    this.#socket.on('close', () => this.#fails(new Error('the connection was closed')));
  }

  /** Rejects when the connection is lost. One at a time. */
  get(path: string, keep = true): Promise<LineAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection was closed'));
      this.#waiting = { resolve, reject, keep };
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${this.#headers}\r\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #takes(chunk: Buffer): void {
    this.bytes += chunk.length;
    let bytes = chunk;
    if (!this.#head) {
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = readHead(this.#rest.toString('latin1', 0, end));
      if (!head) {
        this.#fails(new Error(`an answer without its length: ${this.#rest.toString('latin1', 0, end)}`));
        return;
      }
      this.#head = head;
      bytes = this.#rest.subarray(end + 4);
      this.#rest = Buffer.alloc(0);
    }
    this.#got += bytes.length;
    if (this.#waiting?.keep) this.#body.push(bytes);
    if (this.#got < this.#head.length) return;
    const { status, location } = this.#head;
    const answer = { status, location, body: Buffer.concat(this.#body) };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#head = undefined;
    this.#body = [];
    this.#got = 0;
    waiting?.resolve(answer);
  }

  #fails(error: Error): void {
    this.#socket.destroy();
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

function readHead(text: string): Head | undefined {
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined && status !== 204 && status !== 304) return undefined;
  return { status, length: Number(length ?? 0), location: /\r\nlocation: *([^\r]*)/i.exec(text)?.[1] };
}
