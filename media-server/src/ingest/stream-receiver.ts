/** RTP and RTCP of one medium: which packets are its own, in order, and what is reported back to the camera. */
import { randomInt } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { Reception } from './rtp/reception.ts';
import { Reorder } from './rtp/reorder.ts';
import { readRtcp, receiverReport, type SenderReport } from './rtp/rtcp.ts';
import { parseRtp, type RtpPacket } from './rtp/rtp.ts';

export interface StreamReceiverOptions {
  payloadType: number;
  clockRate: number;
  clock: Clock;
  /** Packets may come in any order. */
  udp: boolean;
  events: {
    onPacket(packet: RtpPacket, arrivedAt: number): void;
    /** Something came that is no packet of this medium. */
    onGarbage(): void;
    /** The sender began anew, with other numbers and times. */
    onRestart(): void;
    onReport(report: SenderReport): void;
    /** The sender has ended the stream. */
    onGoodbye(): void;
  };
}

/** More than a network within a county delays one packet more than another; what is waited for delays all. */
const WAIT_MS = 100;
const MAX_WAITING = 256;
const CNAME = 'shouwang-media';
/** What a control packet in the wrong place looks like (RFC 5761, 4). */
const isRtcp = (payloadType: number) => payloadType >= 64 && payloadType <= 95;

export class StreamReceiver {
  readonly #o: StreamReceiverOptions;
  readonly #reorder: Reorder | undefined;
  readonly #reception: Reception;
  readonly #ours = randomInt(1, 2 ** 32 - 1);
  #ssrc: number | undefined;
  #strangeSsrc: number | undefined;

  constructor(options: StreamReceiverOptions) {
    this.#o = options;
    this.#reception = new Reception(options.clockRate);
    const emit = (packet: RtpPacket, arrivedAt: number) => options.events.onPacket(packet, arrivedAt);
    this.#reorder = options.udp ? new Reorder({ clock: options.clock, waitMs: WAIT_MS, maxWaiting: MAX_WAITING, emit }) : undefined;
  }

  rtp(bytes: Buffer): void {
    const packet = parseRtp(bytes);
    if (!packet) {
      // Over UDP anybody can send anything; over TCP it stands where a packet should have been.
      if (!this.#reorder) this.#o.events.onGarbage();
      return;
    }
    // Another payload type, e.g. comfort data, is none of ours; but its number is, where it is of the same source.
    if (packet.payloadType !== this.#o.payloadType) {
      if (packet.ssrc !== this.#ssrc || isRtcp(packet.payloadType)) return;
      packet.marker = false;
      packet.payload = packet.payload.subarray(0, 0);
    }
    if (this.#ssrc !== undefined && packet.ssrc !== this.#ssrc && !this.#adopts(packet.ssrc)) return;
    this.#ssrc = packet.ssrc;
    this.#strangeSsrc = undefined;
    const now = this.#o.clock.now();
    this.#reception.took(packet, now);
    if (this.#reorder) this.#reorder.push(packet, now);
    else this.#o.events.onPacket(packet, now);
  }

  rtcp(bytes: Buffer): void {
    const { report, goodbyes } = readRtcp(bytes);
    if (report && (this.#ssrc === undefined || report.ssrc === this.#ssrc)) {
      this.#reception.sawReport(report, this.#o.clock.now());
      this.#o.events.onReport(report);
    }
    if (this.#ssrc !== undefined && goodbyes.includes(this.#ssrc)) this.#o.events.onGoodbye();
  }

  /** What the camera is told of how its packets come; undefined before the first. */
  report(): Buffer | undefined {
    const block = this.#reception.block(this.#o.clock.now());
    return block && receiverReport(this.#ours, block, CNAME);
  }

  close(): void {
    this.#reorder?.close();
  }

  /** A sender that changed its source identifier has begun anew, with other numbers and times; stray packets in between have not (RFC 3550, 6.2.1 and 8.2). */
  #adopts(ssrc: number): boolean {
    if (this.#strangeSsrc !== ssrc) {
      this.#strangeSsrc = ssrc;
      if (!this.#reorder) this.#o.events.onGarbage();
      return false;
    }
    this.#reorder?.flush();
    this.#o.events.onRestart();
    return true;
  }
}
