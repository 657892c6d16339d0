/** Packets of UDP in the order of their numbers: a gap is waited for, briefly; what comes twice or too late is dropped. */
import type { Cancel, Clock } from '../../lib/clock.ts';
import { ahead, type RtpPacket } from './rtp.ts';

export interface ReorderOptions {
  clock: Clock;
  /** How long a missing packet may take. */
  waitMs: number;
  /** How many packets may wait behind it. */
  maxWaiting: number;
  emit: (packet: RtpPacket, arrivedAt: number) => void;
}

/** Further away it is a stray, or a sender that began anew, which only the next in its row can tell (RFC 3550, A.1: MAX_DROPOUT, MAX_MISORDER, bad_seq). */
const MAX_AHEAD = 3000;
const MAX_BEHIND = 100;

interface Held {
  packet: RtpPacket;
  arrivedAt: number;
}

export class Reorder {
  readonly #o: ReorderOptions;
  /** By sequence number. */
  readonly #held = new Map<number, Held>();
  #expected: number | undefined;
  #ssrc: number | undefined;
  /** The last packet, where its number was far away. */
  #far: Held | undefined;
  #cancel: Cancel = () => {};
  #timed = false;

  constructor(options: ReorderOptions) {
    this.#o = options;
  }

  get waiting(): number {
    return this.#held.size;
  }

  push(packet: RtpPacket, arrivedAt: number): void {
    const held = { packet, arrivedAt };
    const step = this.#expected === undefined ? 0 : ahead(this.#expected, packet.sequence, 16);
    const far = this.#far;
    this.#far = undefined;
    if (packet.ssrc !== this.#ssrc) this.#beginAt(held);
    else if (step > MAX_AHEAD || step < -MAX_BEHIND) {
      if (!far || ahead(far.packet.sequence, packet.sequence, 16) !== 1) {
        this.#far = held;
        return;
      }
      this.#beginAt(far);
    } else if (step < 0) return;
    this.#held.set(packet.sequence, held);
    this.#release();
    if (this.#held.size > this.#o.maxWaiting) this.#skip();
    else if (this.#held.size > 0) this.#wait();
  }

  /** Gives out what waits, in order, over the gaps. */
  flush(): void {
    this.#cancel();
    while (this.#held.size > 0) this.#skip();
  }

  close(): void {
    this.#cancel();
    this.#held.clear();
  }

  #beginAt(first: Held): void {
    this.flush();
    this.#ssrc = first.packet.ssrc;
    this.#expected = first.packet.sequence;
    this.#held.set(first.packet.sequence, first);
  }

  #release(): void {
    for (let held = this.#held.get(this.#expected!); held; held = this.#held.get(this.#expected!)) {
      this.#held.delete(this.#expected!);
      this.#expected = (this.#expected! + 1) & 0xffff;
      this.#o.emit(held.packet, held.arrivedAt);
    }
    if (this.#held.size === 0) {
      this.#cancel();
      this.#cancel = () => {};
      this.#timed = false;
    }
  }

  #wait(): void {
    if (this.#timed) return;
    this.#timed = true;
    this.#cancel = this.#o.clock.after(this.#o.waitMs, () => {
      this.#timed = false;
      this.#skip();
      if (this.#held.size > 0) this.#wait();
    });
  }

  /** The first gap is given up. */
  #skip(): void {
    if (this.#held.size === 0) return;
    let nearest = Number.POSITIVE_INFINITY;
    for (const sequence of this.#held.keys()) nearest = Math.min(nearest, ahead(this.#expected!, sequence, 16));
    this.#expected = (this.#expected! + nearest) & 0xffff;
    this.#release();
  }
}
