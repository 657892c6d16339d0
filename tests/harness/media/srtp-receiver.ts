/**
 * The receiving end of WebRTC at next to no cost, so that many fit beside what is measured: ICE and the DTLS handshake are real (werift does
 * the latter), what comes then is counted by the RTP headers, which SRTP leaves in the clear (RFC 3711, 3.1), and never deciphered.
 */
import { X509Certificate } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createSelfSignedCertificate, DtlsClient } from 'werift';
import { bindingRequest, bindingSuccess, isBindingRequest, isBindingSuccess } from '../../../scripts/setup/worker/stun.mjs';

export interface IceCredentials {
  usernameFragment: string;
  password: string;
}

export interface RemoteEnd {
  ice: IceCredentials;
  address: string;
  port: number;
}

/** Until DTLS is through. */
const CONNECT_MS = 20_000;
const CHECK_AGAIN_MS = 200;
/** RFC 7675, 4.1: consent is asked for every 5 s or so. */
const CONSENT_MS = 5000;
const RECEIVE_BUFFER = 4_000_000;

/** SHA-256 with ECDSA on P-256 (RFC 5246, 7.4.1.4.1; RFC 8422, 5.1.1). */
const SIGNATURE = { hash: 4, signature: 3 } as const;
const P256 = 23;
type Certificate = Awaited<ReturnType<typeof createSelfSignedCertificate>>;
/** One for all: making one is the dear part. */
let certificate: Promise<Certificate> | undefined;

export class SrtpReceiver {
  readonly ice: IceCredentials = { usernameFragment: 'receiver', password: randomText(24) };
  readonly #socket: Socket;
  readonly #certificate: Certificate;
  #onDtls: (data: Buffer) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #lastSequence: number | undefined;
  packets = 0;
  bytes = 0;
  /** By gaps in the sequence numbers; a packet that comes late counts as lost. */
  lost = 0;
  /** Sees every RTP packet, header in the clear. */
  onPacket: ((packet: Buffer) => void) | undefined;
  /** `performance.now()` of the first packet. */
  firstAt: number | undefined;

  private constructor(socket: Socket, own: Certificate) {
    this.#socket = socket;
    this.#certificate = own;
  }

  /** `address`: of this machine, where it listens. */
  static async opens(address = '127.0.0.1'): Promise<SrtpReceiver> {
    certificate ??= createSelfSignedCertificate(SIGNATURE, P256);
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER });
    socket.bind(0, address);
    await once(socket, 'listening');
    return new SrtpReceiver(socket, await certificate);
  }

  get address(): { address: string; port: number } {
    return this.#socket.address();
  }

  get fingerprint(): string {
    return new X509Certificate(this.#certificate.certPem).fingerprint256;
  }

  /** Checks the path (as the controlling agent; a full agent on the other side checks too, and is answered), and shakes hands as the DTLS client. */
  async connects({ ice, address, port }: RemoteEnd): Promise<void> {
    const reachable = this.#listens();
    const check = () => this.#send(bindingRequest(ice, this.ice.usernameFragment), port, address);
    check();
    this.#timer = setInterval(check, CHECK_AGAIN_MS);
    await limited(reachable, 'ICE did not get through');
    clearInterval(this.#timer);
    if (this.#closed) throw new Error('closed meanwhile');
    this.#timer = setInterval(check, CONSENT_MS);
    await limited(this.#shakesHands(address, port), 'DTLS did not get through');
  }

  /** Without a word, as when the plug is pulled. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Resolves when a check of ours has been answered. */
  #listens(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.on('message', (data, from) => {
        const first = data[0]!;
        // RFC 7983, 7.
        if (first >= 128 && first <= 191) this.#counts(data);
        else if (first >= 20 && first <= 63) this.#onDtls(data);
        else if (isBindingRequest(data)) this.#send(bindingSuccess(data, from, this.ice.password), from.port, from.address);
        else if (isBindingSuccess(data)) resolve();
      });
    });
  }

  #shakesHands(address: string, port: number): Promise<void> {
    const transport = {
      type: 'udp',
      address: this.#socket.address(),
      closed: false,
      onData: (_data: Buffer, _from: readonly [string, number]) => {},
      send: async (data: Buffer) => this.#send(data, port, address),
      close: async () => {},
    };
    const { keyPem, certPem, signatureHash } = this.#certificate;
    const dtls = new DtlsClient({
      cert: certPem,
      key: keyPem,
      signatureHash,
      transport,
      // SRTP_AES128_CM_HMAC_SHA1_80 (RFC 5764, 4.1.2), which both systems that are compared speak.
      srtpProfiles: [1],
      extendedMasterSecret: true,
    });
    this.#onDtls = (data) => transport.onData(data, [address, port]);
    return new Promise((resolve, reject) => {
      dtls.onConnect.once(() => resolve());
      dtls.onError.once(reject);
      dtls.connect().catch(reject);
    });
  }

  #counts(packet: Buffer): void {
    // RTCP that is multiplexed (RFC 5761, 4).
    const type = packet[1]! & 0x7f;
    if (type >= 64 && type <= 95) return;
    this.firstAt ??= performance.now();
    this.onPacket?.(packet);
    this.packets++;
    this.bytes += packet.length;
    const sequence = packet.readUInt16BE(2);
    if (this.#lastSequence !== undefined) {
      const step = (sequence - this.#lastSequence) & 0xffff;
      if (step > 1 && step < 0x8000) this.lost += step - 1;
      if (step >= 0x8000) return;
    }
    this.#lastSequence = sequence;
  }

  #send(data: Buffer, port: number, address: string): void {
    if (!this.#closed) this.#socket.send(data, port, address);
  }
}

function limited(promise: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), CONNECT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function randomText(length: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(length)))
    .toString('base64')
    .replace(/[+/=]/g, 'x')
    .slice(0, length);
}
