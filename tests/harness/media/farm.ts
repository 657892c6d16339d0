/**
 * Many cameras at next to no cost: each sends the same loop from memory, from a place of its own in it and at an instant of its own, over
 * RTSP (interleaved, RFC 2326, 10.12) to whoever plays it, or as plain RTP to a UDP port. A client that joins gets what the encoder is at,
 * as with a real camera: the next key frame may be two seconds away.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { packetise } from '../../../media-server/sample-cameras/rtp/packetiser.ts';
import { rtpTimeOf, senderReport } from '../../../media-server/sample-cameras/rtp/sender-report.ts';
import { RequestReader, type RtspRequest } from '../../../media-server/sample-cameras/rtsp/request-reader.ts';
import { describe } from '../../../media-server/sample-cameras/rtsp/sdp.ts';
import { LOOP_FPS, type Loop } from './loop.ts';

/** Cameras take turns within the time of a picture: not all send at one instant. */
const TURNS = 8;
const TURN_MS = 1000 / LOOP_FPS / TURNS;
const REPORT_MS = 5000;
/** A client that is so far behind misses pictures. */
const BACKLOG_LIMIT = 4_000_000;
const FRAMING = 4;
/** By UDP a key frame goes out in portions, one a turn: at once it would overflow the receiver's socket buffer. */
const UDP_PORTION = 24;

/** One picture as it goes out: packets with their interleaved framing, to be stamped. */
interface Template {
  bytes: Buffer;
  /** Where packets begin in it, and how long they are. */
  packets: { at: number; length: number }[];
}

interface Camera {
  id: string;
  ssrc: number;
  timeBase: number;
  sequence: number;
  /** Next picture of the loop. */
  next: number;
  sent: number;
  octets: number;
  reportedAt: number;
  clients: Set<Socket>;
  udpPort: number | undefined;
}

export class CameraFarm {
  readonly #loop: Loop;
  readonly #templates: Template[];
  readonly #cameras = new Map<string, Camera>();
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #sockets = new Set<Socket>();
  readonly #udp: UdpSocket = createSocket({ type: 'udp4', sendBufferSize: 4_000_000 });
  #timer: NodeJS.Timeout | undefined;

  /** Cameras `cam-1` to `cam-N`. `udpPorts[i]`: where the packets of camera i go by RTP as well. */
  constructor(loop: Loop, cameras: number, udpPorts: readonly number[] = []) {
    this.#loop = loop;
    this.#templates = loop.pictures.map(({ nals, key }) => template(key ? [loop.sps, loop.pps, ...nals] : nals));
    for (let i = 0; i < cameras; i++) {
      const random = randomBytes(10);
      this.#cameras.set(`cam-${i + 1}`, {
        id: `cam-${i + 1}`,
        ssrc: random.readUInt32BE(0),
        timeBase: random.readUInt32BE(4),
        sequence: random.readUInt16BE(8),
        // Spread over the loop, key frames too.
        next: Math.floor((i * loop.pictures.length * 0.618) % loop.pictures.length),
        sent: 0,
        octets: 0,
        reportedAt: 0,
        clients: new Set(),
        udpPort: udpPorts[i],
      });
    }
  }

  /** Listens on a free port of loopback, which it gives, and begins to send. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#run();
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#udp.close();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #run(): void {
    const cameras = [...this.#cameras.values()];
    const start = Date.now();
    let turn = 0;
    const tick = () => {
      // What is late is caught up with: the rate holds over any time.
      for (; start + turn * TURN_MS <= Date.now(); turn++)
        for (let i = turn % TURNS; i < cameras.length; i += TURNS) this.#sends(cameras[i]!, start + turn * TURN_MS);
      this.#timer = setTimeout(tick, Math.max(1, start + turn * TURN_MS - Date.now()));
    };
    tick();
  }

  #sends(camera: Camera, at: number): void {
    const { bytes, packets } = this.#templates[camera.next]!;
    camera.next = (camera.next + 1) % this.#templates.length;
    if (camera.clients.size === 0 && camera.udpPort === undefined) return;
    const stamped = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(stamped);
    const time = rtpTimeOf(at, camera.timeBase);
    for (const packet of packets) {
      camera.sequence = (camera.sequence + 1) & 0xffff;
      stamped.writeUInt16BE(camera.sequence, packet.at + 2);
      stamped.writeUInt32BE(time, packet.at + 4);
      stamped.writeUInt32BE(camera.ssrc, packet.at + 8);
      camera.octets += packet.length - 12;
    }
    if (camera.udpPort !== undefined) this.#sendsByUdp(stamped, packets, camera.udpPort);
    camera.sent += packets.length;
    for (const client of camera.clients) if (client.writableLength < BACKLOG_LIMIT) client.write(stamped);
    if (at - camera.reportedAt >= REPORT_MS) for (const client of camera.clients) this.#reports(camera, client);
  }

  #sendsByUdp(stamped: Buffer, packets: Template['packets'], port: number): void {
    for (const { at, length } of packets.slice(0, UDP_PORTION)) this.#udp.send(stamped, at, length, port, '127.0.0.1', () => undefined);
    const rest = packets.slice(UDP_PORTION);
    if (rest.length > 0) setTimeout(() => this.#sendsByUdp(stamped, rest, port), TURN_MS);
  }

  #reports(camera: Camera, client: Socket): void {
    const now = Date.now();
    camera.reportedAt = now;
    const sent = { ssrc: camera.ssrc, packets: camera.sent, octets: camera.octets };
    const report = senderReport(now, camera.timeBase, sent, camera.id);
    client.write(Buffer.concat([Buffer.of(0x24, 1, report.length >> 8, report.length & 0xff), report]));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const reader = new RequestReader({ request: (request) => this.#answers(socket, request), interleaved: () => undefined });
    socket.on('data', (bytes) => {
      try {
        reader.push(bytes);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => undefined); // 'close' follows.
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const camera of this.#cameras.values()) camera.clients.delete(socket);
    });
  }

  #answers(socket: Socket, { method, url, headers }: RtspRequest): void {
    const camera = this.#cameras.get(/^rtsp:\/\/[^/]+\/([\w-]+)/.exec(url)?.[1] ?? '');
    const reply = (status: string, lines: string[] = [], body = '') => {
      const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
      socket.write([`RTSP/1.0 ${status}`, `CSeq: ${headers.cseq ?? '0'}`, ...lines, ...length, '', body].join('\r\n'));
    };
    if (!camera) return void reply('404 Not Found');
    const session = 'Session: farm;timeout=60';
    switch (method) {
      case 'OPTIONS':
        return void reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN']);
      case 'DESCRIBE':
        return void reply(
          '200 OK',
          ['Content-Type: application/sdp', `Content-Base: ${url}/`],
          describe(camera.id, camera.id, '127.0.0.1', this.#loop),
        );
      case 'SETUP':
        if (!headers.transport?.includes('RTP/AVP/TCP')) return void reply('461 Unsupported Transport');
        return void reply('200 OK', [session, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1']);
      case 'PLAY':
        reply('200 OK', [session, 'Range: npt=now-']);
        this.#reports(camera, socket);
        camera.clients.add(socket);
        return;
      case 'TEARDOWN':
        camera.clients.delete(socket);
        return void reply('200 OK');
      default:
        return void reply('200 OK', [session]);
    }
  }
}

function template(nals: Uint8Array[]): Template {
  const parts: Buffer[] = [];
  const packets: Template['packets'] = [];
  let at = 0;
  for (const packet of packetise(nals, 0, { payloadType: 96, ssrc: 0, sequence: 0 })) {
    parts.push(Buffer.of(0x24, 0, packet.length >> 8, packet.length & 0xff), packet);
    packets.push({ at: at + FRAMING, length: packet.length });
    at += FRAMING + packet.length;
  }
  return { bytes: Buffer.concat(parts), packets };
}
