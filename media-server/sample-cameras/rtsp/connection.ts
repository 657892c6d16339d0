/** One client of the sample cameras: its requests, and the pictures it gets between the answers. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../src/lib/clock.ts';
import type { CameraFeed, PicturePackets } from '../feed/camera-feed.ts';
import { senderReport } from '../rtp/sender-report.ts';
import { RequestReader, type RtspRequest } from './request-reader.ts';
import { describe, TRACK } from './sdp.ts';

export interface ServedCamera {
  name: string;
  feed: CameraFeed;
}

/** RFC 2326, 12.37: a client that says nothing for so long is gone. */
const SESSION_TIMEOUT_S = 60;
/** A client that is so far behind gets nothing until the next key frame: better a gap than a picture of the past. */
const BACKLOG_LIMIT = 1_000_000;
const REPORT_MS = 5000;
const RTP_HEADER = 12;

const REASONS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

type Headers = Record<string, string>;

export class RtspConnection {
  readonly #socket: Socket;
  readonly #cameras: ReadonlyMap<string, ServedCamera>;
  readonly #clock: Clock;
  readonly #session = randomBytes(8).toString('hex');
  #camera: ServedCamera | undefined;
  #channel = 0;
  #unsubscribe: (() => void) | undefined;
  #waitingForKey = true;
  #packets = 0;
  #octets = 0;
  #cancelReport: Cancel = () => undefined;
  #cancelTimeout: Cancel = () => undefined;
  /** Answers go out in the order of the requests, also where one takes its time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(socket: Socket, cameras: ReadonlyMap<string, ServedCamera>, clock: Clock) {
    this.#socket = socket;
    this.#cameras = cameras;
    this.#clock = clock;
    const reader = new RequestReader({
      request: (request) => {
        this.#heard();
        this.#turn = this.#turn.then(() => this.#answer(request));
      },
      interleaved: () => this.#heard(),
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      try {
        reader.push(bytes);
      } catch {
        this.#send(400, {});
        socket.end();
      }
    });
    socket.on('error', () => undefined); // 'close' follows.
    socket.on('close', () => this.close());
    this.#heard();
  }

  close(): void {
    this.#stop();
    this.#cancelTimeout();
    this.#socket.destroy();
  }

  #heard(): void {
    this.#cancelTimeout();
    this.#cancelTimeout = this.#clock.after(SESSION_TIMEOUT_S * 1000, () => this.close());
  }

  async #answer(request: RtspRequest): Promise<void> {
    const cseq = request.headers.cseq;
    const common: Headers = cseq ? { CSeq: cseq } : {};
    const reply = (status: number, headers: Headers = {}, body = '') => this.#send(status, { ...common, ...headers }, body);
    const wrongSession = request.headers.session !== undefined && request.headers.session.split(';')[0]!.trim() !== this.#session;
    switch (request.method) {
      case 'OPTIONS':
        return reply(200, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' });
      case 'DESCRIBE':
        return this.#describe(request, reply);
      case 'SETUP':
        return wrongSession ? reply(454) : this.#setup(request, reply);
      case 'PLAY':
        if (!this.#camera) return reply(455);
        if (wrongSession) return reply(454);
        reply(200, { Session: this.#session, Range: 'npt=now-' });
        return this.#play(this.#camera.feed);
      case 'GET_PARAMETER':
        return wrongSession ? reply(454) : reply(200, this.#camera ? { Session: this.#session } : {});
      case 'TEARDOWN':
        if (wrongSession) return reply(454);
        this.#stop();
        this.#camera = undefined;
        return reply(200);
      default:
        return reply(501);
    }
  }

  async #describe(request: RtspRequest, reply: Reply): Promise<void> {
    const found = this.#find(request.url);
    if (!found) return reply(404);
    try {
      const sets = await found.camera.feed.parameterSets();
      const sdp = describe(found.id, found.camera.name, this.#socket.localAddress ?? '127.0.0.1', sets);
      reply(200, { 'Content-Base': `${found.url}/`, 'Content-Type': 'application/sdp' }, sdp);
    } catch {
      reply(503);
    }
  }

  #setup(request: RtspRequest, reply: Reply): void {
    const found = this.#find(request.url);
    // 12.39: the client lists what it can in order of preference; packets over this very connection is all we do.
    const tcp = (request.headers.transport ?? '').split(',').find((spec) => /^\s*RTP\/AVP\/TCP(;|$)/i.test(spec));
    if (!found) reply(404);
    else if (this.#unsubscribe) reply(455);
    else if (!tcp) reply(461);
    else {
      this.#channel = Number(/interleaved=(\d{1,3})/i.exec(tcp)?.[1] ?? 0) & 0xff;
      this.#camera = found.camera;
      const ssrc = found.camera.feed.ssrc.toString(16).padStart(8, '0').toUpperCase();
      reply(200, {
        Session: `${this.#session};timeout=${SESSION_TIMEOUT_S}`,
        Transport: `RTP/AVP/TCP;unicast;interleaved=${this.#channel}-${this.#channel + 1};ssrc=${ssrc}`,
      });
    }
  }

  #play(feed: CameraFeed): void {
    if (this.#unsubscribe || this.#socket.destroyed) return;
    this.#waitingForKey = true;
    this.#unsubscribe = feed.subscribe((picture) => this.#picture(feed, picture));
  }

  #picture(feed: CameraFeed, { packets, key }: PicturePackets): void {
    if (this.#socket.writableLength > BACKLOG_LIMIT) this.#waitingForKey = true;
    if (this.#waitingForKey && (!key || this.#socket.writableLength > BACKLOG_LIMIT)) return;
    if (this.#waitingForKey && this.#packets === 0) this.#report(feed);
    this.#waitingForKey = false;
    for (const packet of packets) this.#octets += packet.length - RTP_HEADER;
    this.#packets += packets.length;
    this.#socket.write(Buffer.concat(packets.flatMap((packet) => [interleavedHeader(this.#channel, packet.length), packet])));
  }

  #report(feed: CameraFeed): void {
    const sent = { ssrc: feed.ssrc, packets: this.#packets, octets: this.#octets };
    const report = senderReport(this.#clock.now(), feed.timeBase, sent, `${feed.id}@shouwang`);
    this.#socket.write(Buffer.concat([interleavedHeader(this.#channel + 1, report.length), report]));
    this.#cancelReport = this.#clock.after(REPORT_MS, () => this.#report(feed));
  }

  #stop(): void {
    this.#cancelReport();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#packets = this.#octets = 0;
  }

  /** The camera that a URL names, with or without the track; the URL comes back without. */
  #find(url: string): { id: string; camera: ServedCamera; url: string } | undefined {
    const match = /^(rtsp:\/\/[^/]+)\/([A-Za-z0-9_-]{1,40})(\/[^/?]*)?(\?.*)?$/.exec(url);
    if (!match || !['', '/', `/${TRACK}`].includes(match[3] ?? '')) return undefined;
    const camera = this.#cameras.get(match[2]!);
    return camera && { id: match[2]!, camera, url: `${match[1]}/${match[2]}` };
  }

  #send(status: number, headers: Headers, body = ''): void {
    if (this.#socket.destroyed) return;
    const length: Headers = body ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
    const lines = Object.entries({ ...headers, ...length, Server: 'shouwang-sample-cameras' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    this.#socket.write(`RTSP/1.0 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${body}`);
  }
}

type Reply = (status: number, headers?: Headers, body?: string) => void;

/** RFC 2326, 10.12. */
function interleavedHeader(channel: number, length: number): Buffer {
  return Buffer.of(0x24, channel, length >> 8, length & 0xff);
}
