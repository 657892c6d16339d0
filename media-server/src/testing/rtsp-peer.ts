/** A small scripted RTSP camera on a real socket: does what the test says, and remembers what it was asked. */
import { createHash } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { Packetiser } from '../viewers/whep/packetiser.ts';
import { copies } from './copies.ts';
import { pps, sps } from './h264-video.ts';

export interface PeerRequest {
  method: string;
  uri: string;
  headers: Record<string, string>;
}

export interface PeerOptions {
  auth?: { scheme: 'basic' | 'digest'; algorithm?: 'MD5' | 'SHA-256'; qop?: boolean; user: string; password: string };
  /** Of `Public`. */
  methods?: string;
  timeoutS?: number;
  /** Lines of the video section; default: H.264 with parameter sets. */
  media?: string[];
  /** How it sends; default: over TCP. */
  transport?: 'tcp' | 'udp';
  /** Answers instead of the usual; undefined: the usual. */
  answer?: (request: PeerRequest, peer: RtspPeer) => string | undefined;
}

const NONCES = ['dcd98b7102dd2f0e8b11d0f600bfb0c093', 'second-nonce-0123456789'];

export class RtspPeer {
  readonly requests: PeerRequest[] = [];
  readonly sockets = new Set<Socket>();
  readonly #o: PeerOptions;
  readonly #server: Server;
  #packetiser = new Packetiser({ payloadType: 96, ssrc: 0x1234, firstSequence: 65_530 });
  #nonce = 0;
  #udp: { socket: UdpSocket; to: number } | undefined;
  /** Control packets and others that the client sent, over UDP or interleaved. */
  readonly heard: Buffer[] = [];
  connections = 0;

  constructor(options: PeerOptions = {}) {
    this.#o = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  url(user = ''): string {
    return `rtsp://${user}127.0.0.1:${(this.#server.address() as AddressInfo).port}/live?channel=1`;
  }

  /** Methods asked so far, in order. */
  get methods(): string[] {
    return this.requests.map((r) => r.method);
  }

  /** From now on another nonce is asked for: the old one has gone stale. */
  changesNonce(): void {
    this.#nonce = 1;
  }

  /** RTP packets of pictures, timestamps as given in `ticks`. */
  packets(...pictures: AccessUnit[]): Buffer[] {
    return pictures.flatMap((p) => copies(this.#packetiser.packets(p, p.ticks)));
  }

  changesSender(ssrc: number): void {
    this.#packetiser = new Packetiser({ payloadType: 96, ssrc, firstSequence: 7 });
  }

  sends(...pictures: AccessUnit[]): void {
    for (const packet of this.packets(...pictures)) this.frame(0, packet);
  }

  frame(channel: number, bytes: Buffer): void {
    const head = Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 255]);
    this.raw(Buffer.concat([head, bytes]));
  }

  /** Over UDP, in this order. */
  datagrams(...packets: Buffer[]): void {
    for (const p of packets) this.#udp?.socket.send(p, this.#udp.to, '127.0.0.1');
  }

  raw(bytes: Buffer): void {
    for (const s of this.sockets) s.write(bytes);
  }

  /** The power is cut. */
  hangsUp(): void {
    for (const s of this.sockets) s.destroy();
  }

  async close(): Promise<void> {
    this.hangsUp();
    this.#udp?.socket.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (; text.startsWith('$'); text = text.slice(4 + frameBytes(text))) {
        if (text.length < 4 || text.length < 4 + frameBytes(text)) return;
        this.heard.push(Buffer.from(text.slice(4, 4 + frameBytes(text)), 'latin1'));
      }
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const [first = '', ...rest] = text.slice(0, end).split('\r\n');
        text = text.slice(end + 4);
        const headers = Object.fromEntries(rest.map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 1).trim()]));
        const [method = '', uri = ''] = first.split(' ');
        const request = { method, uri, headers };
        this.requests.push(request);
        const answer = this.#o.answer?.(request, this) ?? this.#answer(request);
        const [status = '', ...more] = answer.split('\r\n');
        socket.write([status, `CSeq: ${headers.cseq}`, ...more].join('\r\n'));
      }
    });
  }

  #answer({ method, uri, headers }: PeerRequest): string {
    const { auth, methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER', timeoutS = 60 } = this.#o;
    if (auth && !this.#mayEnter(method, uri, headers.authorization)) {
      const digest = `Digest realm="cam", nonce="${NONCES[this.#nonce]}", algorithm=${auth.algorithm ?? 'MD5'}${auth.qop ? ', qop="auth"' : ''}`;
      return `RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: ${auth.scheme === 'basic' ? 'Basic realm="cam"' : digest}\r\n\r\n`;
    }
    if (method === 'OPTIONS') return `RTSP/1.0 200 OK\r\nPublic: ${methods}\r\n\r\n`;
    if (method === 'DESCRIBE') {
      const body = this.#sdp();
      return `RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    }
    if (method === 'SETUP' && this.#o.transport === 'udp') {
      const to = Number(/client_port=(\d+)/.exec(headers.transport ?? '')?.[1]);
      if (!to) return 'RTSP/1.0 461 Unsupported Transport\r\n\r\n';
      const socket = createSocket('udp4').on('message', (bytes) => this.heard.push(bytes));
      socket.bind(0, '127.0.0.1');
      this.#udp?.socket.close();
      this.#udp = { socket, to };
      return `RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast;client_port=${to}-${to + 1}\r\nSession: 4711\r\n\r\n`;
    }
    if (method === 'SETUP' && headers.transport?.includes('interleaved=2-3'))
      return 'RTSP/1.0 200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=2-3\r\nSession: 4711\r\n\r\n';
    if (method === 'SETUP')
      return `RTSP/1.0 200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 4711;timeout=${timeoutS}\r\n\r\n`;
    return 'RTSP/1.0 200 OK\r\nSession: 4711\r\n\r\n';
  }

  #sdp(): string {
    const sets = `${sps().toString('base64')},${pps().toString('base64')}`;
    const media = this.#o.media ?? [
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sets}`,
      'a=control:track1',
    ];
    return `${['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=cam', 't=0 0', 'a=control:*', ...media].join('\r\n')}\r\n`;
  }

  /** Checks as RFC 7616, 3.4.1 says, independently of the client's own code. */
  #mayEnter(method: string, uri: string, given: string | undefined): boolean {
    const auth = this.#o.auth!;
    if (!given) return false;
    if (auth.scheme === 'basic') return given === `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
    const field = (name: string) => new RegExp(`[ ,]${name}="?([^",]+)`).exec(given)?.[1] ?? '';
    const h = (s: string) =>
      createHash(auth.algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(s)
        .digest('hex');
    const ha1 = h(`${auth.user}:cam:${auth.password}`);
    const ha2 = h(`${method}:${uri}`);
    const middle = auth.qop ? `:${field('nc')}:${field('cnonce')}:auth` : '';
    return (
      field('nonce') === NONCES[this.#nonce] &&
      field('uri') === uri &&
      field('response') === h(`${ha1}:${NONCES[this.#nonce]}${middle}:${ha2}`)
    );
  }
}

function frameBytes(text: string): number {
  return text.charCodeAt(2) * 256 + text.charCodeAt(3);
}
