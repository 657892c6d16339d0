/** Two UDP sockets of one medium: RTP on an even port, RTCP on the next (RFC 3550, 11). Takes packets of the camera only. */
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { CodedError } from '@shouwang/protocol';

export interface UdpPairEvents {
  onRtp(bytes: Buffer): void;
  onRtcp(bytes: Buffer): void;
}

/** Even ports to try, at random: outside of what services use. */
const FIRST_PORT = 20_000;
const LAST_PORT = 60_000;
const TRIES = 50;
/** A key frame comes in a burst. The system may give less. */
const BUFFER_BYTES = 2 * 1024 * 1024;
/** An RTP packet of nothing: opens the way back through a NAT or a firewall in between. */
const EMPTY_RTP = Buffer.from([0x80, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const EMPTY_RTCP = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0]);

export class UdpPair {
  readonly port: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #senders: ReadonlySet<string> = new Set();
  #to: { host: string; rtcp: number } | undefined;
  #closed = false;

  private constructor(port: number, rtp: Socket, rtcp: Socket, events: UdpPairEvents) {
    this.port = port;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.on('message', (bytes, from) => this.#senders.has(plain(from.address)) && events.onRtp(bytes));
    rtcp.on('message', (bytes, from) => this.#senders.has(plain(from.address)) && events.onRtcp(bytes));
    for (const s of [rtp, rtcp]) s.on('error', () => {});
  }

  /** `address`: the one of ours that the camera reaches. Throws CAMERA_OFFLINE where there are no ports. */
  static async open(address: string, events: UdpPairEvents): Promise<UdpPair> {
    for (let i = 0; i < TRIES; i++) {
      const port = randomInt(FIRST_PORT / 2, LAST_PORT / 2) * 2;
      const rtp = await bound(address, port);
      if (!rtp) continue;
      const rtcp = await bound(address, port + 1);
      if (rtcp) return new UdpPair(port, rtp, rtcp, events);
      rtp.close();
    }
    throw new CodedError('CAMERA_OFFLINE', 'no free UDP ports');
  }

  /** Where the camera sends from (it may name another address than its own), and its ports if it told. */
  peer(host: string, source: string | undefined, ports: { rtp: number; rtcp: number } | undefined): void {
    this.#senders = new Set([plain(host), ...(source ? [plain(source)] : [])]);
    if (!ports) return;
    this.#to = { host: source ?? host, rtcp: ports.rtcp };
    this.#rtp.send(EMPTY_RTP, ports.rtp, this.#to.host, () => {});
    this.sendRtcp(EMPTY_RTCP);
  }

  sendRtcp(bytes: Buffer): void {
    if (this.#to && !this.#closed) this.#rtcp.send(bytes, this.#to.rtcp, this.#to.host, () => {});
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rtp.close();
    this.#rtcp.close();
  }
}

function bound(address: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      try {
        socket.setRecvBufferSize(BUFFER_BYTES);
      } catch {
        // The system's own size, then.
      }
      resolve(socket);
    });
  });
}

/** IPv4 inside IPv6 is the same address. */
function plain(address: string): string {
  return address.replace(/^::ffff:/i, '');
}
