/** One TCP connection to a camera: requests answered in order of CSeq, authentication, interleaved frames in between. */
import { connect, type Socket } from 'node:net';
import { CodedError } from '@shouwang/protocol';
import { type Cancel, type Clock, within } from '../../lib/clock.ts';
import { Authoriser, readChallenges } from './auth.ts';
import { type RtspMessage, RtspReader } from './reader.ts';
import type { RtspTarget } from './url.ts';

export interface RtspResponse {
  status: number;
  headers: Map<string, string[]>;
  body: Buffer;
}

export interface ConnectionEvents {
  onFrame(channel: number, bytes: Buffer): void;
  onGarbage(bytes: number): void;
  /** The camera asks us to go elsewhere (RFC 2326, 10.10); undefined: to begin anew. */
  onRedirect(location: string | undefined): void;
  /** Once: the connection is gone. Not called after `close()`. */
  onLost(error: CodedError): void;
}

export interface ConnectionOptions {
  target: RtspTarget;
  clock: Clock;
  connectMs: number;
  answerMs: number;
  events: ConnectionEvents;
}

interface Waiting {
  resolve(response: RtspResponse): void;
  reject(error: Error): void;
}

/** A camera that reads nothing must not make us keep what we say to it. */
const MAX_UNSENT = 64 * 1024;
/** Some servers ask whether we are still there; anything else of theirs is politely refused. */
const KNOWN_REQUESTS: ReadonlySet<string> = new Set(['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT']);
const AGENT = 'shouwang-media';
/** What is read, from all cameras one after the other: the reader keeps no view of it. */
const READ = Buffer.allocUnsafeSlow(64 * 1024);

export class RtspConnection {
  readonly #o: ConnectionOptions;
  readonly #reader: RtspReader;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #cancelConnect: Cancel = () => {};
  #cseq = 0;
  #authoriser: Authoriser | undefined;
  #closed = false;
  /** Sent with every request once the server has given one. */
  session: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#o = options;
    this.#reader = new RtspReader({
      onMessage: (m) => this.#take(m),
      onFrame: (channel, bytes) => options.events.onFrame(channel, bytes),
      onGarbage: (bytes) => options.events.onGarbage(bytes),
    });
  }

  get channels(): Set<number> {
    return this.#reader.channels;
  }

  /** Of the two ends, once it is open. */
  get addresses(): { local: string; remote: string } {
    return { local: this.#socket?.localAddress ?? '127.0.0.1', remote: this.#socket?.remoteAddress ?? '' };
  }

  /** An interleaved frame of ours. */
  sendFrame(channel: number, bytes: Buffer): void {
    if (this.#closed || !this.#socket || this.#socket.writableLength > MAX_UNSENT) return;
    this.#socket.write(Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 255]), bytes]));
  }

  /** Throws CAMERA_OFFLINE. */
  open(): Promise<void> {
    const { target, clock, connectMs } = this.#o;
    return new Promise((resolve, reject) => {
      const onread = {
        buffer: READ,
        callback: (size: number) => {
          this.#read(READ.subarray(0, size));
          return true;
        },
      };
      const socket = connect({ host: target.host, port: target.port, noDelay: true, onread });
      this.#socket = socket;
      this.#cancelConnect = clock.after(connectMs, () => socket.destroy(new Error('no connection in time')));
      socket.once('connect', () => {
        this.#cancelConnect();
        resolve();
      });
      socket.on('error', (error) => {
        reject(offline('the camera cannot be reached', error));
        this.#lost(error);
      });
      socket.on('close', () => {
        reject(offline('the connection was closed'));
        this.#lost(new Error('the camera closed the connection'));
      });
    });
  }

  /** Sends a request and waits for its answer; answers a challenge once. Throws CAMERA_OFFLINE or TIMEOUT; a status other than 2xx is returned, not thrown. */
  async request(method: string, uri: string, headers: Record<string, string> = {}): Promise<RtspResponse> {
    const first = await this.#send(method, uri, headers);
    if (first.status !== 401 || !this.#o.target.credentials) return first;
    // Also when the nonce has gone stale in the middle of a session (RFC 7616, 3.5).
    const challenge = readChallenges(first.headers.get('www-authenticate') ?? [])[0];
    if (!challenge) return first;
    const before = this.#authoriser?.challenge;
    if (before && before.scheme === challenge.scheme && before.nonce === challenge.nonce) return first;
    this.#authoriser = new Authoriser(challenge, this.#o.target.credentials);
    return this.#send(method, uri, headers);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelConnect();
    this.#socket?.destroy();
    this.#failAll(offline('the connection was closed'));
  }

  #send(method: string, uri: string, headers: Record<string, string>): Promise<RtspResponse> {
    if (this.#closed || !this.#socket) return Promise.reject(offline('the connection was closed'));
    const cseq = ++this.#cseq;
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${cseq}`, `User-Agent: ${AGENT}`];
    if (this.session) lines.push(`Session: ${this.session}`);
    if (this.#authoriser) lines.push(`Authorization: ${this.#authoriser.header(method, uri)}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const answer = new Promise<RtspResponse>((resolve, reject) => this.#waiting.set(cseq, { resolve, reject }));
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return within(this.#o.clock, this.#o.answerMs, answer, () => {
      this.#waiting.delete(cseq);
      return new CodedError('CAMERA_OFFLINE', `no answer to ${method} in time`);
    });
  }

  #read(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #take(message: RtspMessage): void {
    const status = /^RTSP\/1\.\d (\d{3})/.exec(message.startLine);
    const cseq = Number(message.headers.get('cseq')?.[0]);
    if (!status) {
      this.#answer(message, Number.isInteger(cseq) ? cseq : 0);
      return;
    }
    // Provisional: the answer is still to come (RFC 2326, 7.1.1).
    if (status[1]!.startsWith('1')) return;
    // Some cameras leave CSeq out: then it answers what has waited longest.
    const key = Number.isInteger(cseq) ? cseq : this.#waiting.keys().next().value;
    const waiting = key === undefined ? undefined : this.#waiting.get(key);
    if (key === undefined || !waiting) return;
    this.#waiting.delete(key);
    waiting.resolve({ status: Number(status[1]), headers: message.headers, body: message.body });
  }

  /** A request of the server's (RFC 2326, 10). */
  #answer({ startLine, headers }: RtspMessage, cseq: number): void {
    const method = /^[A-Z_]+/.exec(startLine)?.[0] ?? '';
    const status = KNOWN_REQUESTS.has(method) ? '200 OK' : '501 Not Implemented';
    if ((this.#socket?.writableLength ?? 0) <= MAX_UNSENT) this.#socket?.write(`RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\n\r\n`);
    if (method === 'REDIRECT') this.#o.events.onRedirect(headers.get('location')?.[0]);
  }

  #lost(cause: Error): void {
    if (this.#closed) return;
    this.close();
    this.#o.events.onLost(offline('the connection to the camera was lost', cause));
  }

  #failAll(error: Error): void {
    for (const w of this.#waiting.values()) w.reject(error);
    this.#waiting.clear();
  }
}

function offline(detail: string, cause?: unknown): CodedError {
  return new CodedError('CAMERA_OFFLINE', detail, { cause });
}
