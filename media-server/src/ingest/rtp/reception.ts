/** What came of one source, for receiver reports (RFC 3550, A.3 and A.8). */
import type { ReceptionBlock, SenderReport } from './rtcp.ts';
import { ahead, type RtpPacket } from './rtp.ts';

export class Reception {
  readonly #clockRate: number;
  #first = 0;
  #highest: number | undefined;
  #received = 0;
  #before = { expected: 0, received: 0 };
  #transit: number | undefined;
  #jitter = 0;
  #report: { middle: number; at: number } | undefined;
  #ssrc = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** `now`: ms since 1970. */
  took(packet: RtpPacket, now: number): void {
    if (this.#highest === undefined || packet.ssrc !== this.#ssrc) this.#begin(packet);
    const step = ahead(this.#highest! & 0xffff, packet.sequence, 16);
    if (step > 0) this.#highest! += step;
    this.#received++;
    const transit = (now * this.#clockRate) / 1000 - packet.timestamp;
    if (this.#transit !== undefined) {
      const d = Math.abs(transit - this.#transit);
      // A wrap of the timestamp is no jitter.
      if (d < 2 ** 31) this.#jitter += (d - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  sawReport({ ntpMiddle }: SenderReport, now: number): void {
    this.#report = { middle: ntpMiddle, at: now };
  }

  /** Undefined before the first packet. */
  block(now: number): ReceptionBlock | undefined {
    if (this.#highest === undefined) return undefined;
    const expected = this.#highest - this.#first + 1;
    const wanted = expected - this.#before.expected;
    const lost = wanted - (this.#received - this.#before.received);
    this.#before = { expected, received: this.#received };
    return {
      ssrc: this.#ssrc,
      fraction: wanted > 0 && lost > 0 ? Math.min(255, Math.floor((lost * 256) / wanted)) : 0,
      lost: expected - this.#received,
      highest: this.#highest,
      jitter: this.#jitter,
      lastReport: this.#report?.middle ?? 0,
      delay: this.#report ? (Math.max(0, now - this.#report.at) * 65_536) / 1000 : 0,
    };
  }

  #begin({ ssrc, sequence }: RtpPacket): void {
    this.#ssrc = ssrc;
    this.#first = sequence;
    this.#highest = sequence;
    this.#received = 0;
    this.#before = { expected: 0, received: 0 };
    this.#transit = undefined;
    this.#jitter = 0;
    this.#report = undefined;
  }
}
