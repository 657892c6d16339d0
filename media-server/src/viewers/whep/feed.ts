/**
 * One camera into one mediasoup producer. Begins with the pictures since the last key frame, so that the first picture need
 * not wait for the camera, and goes on live.
 */
import { PLAYOUT_DELAY } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import type { Hub, Subscription } from '../../hub/hub.ts';
import type { AccessUnit } from '../../ingest/access-unit.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import { Packetiser } from './packetiser.ts';
import type { RelayWorker } from './relay-worker.ts';

export interface FeedOptions {
  hub: Hub;
  producer: Pick<types.Producer, 'id' | 'send' | 'close'>;
  payloadType: number;
  ssrc: number;
  clock: Clock;
  relay: Pick<RelayWorker, 'late' | 'full' | 'gave'>;
}

/** The beginning goes out at some 50 Mbit/s, not at once: a burst of a megabyte overflows socket buffers. */
const PACE_MS = 5;
const PACE_BYTES = 32 * 1024;
/** Pictures of the past are decoded, not watched: this far apart, in 90 kHz ticks. */
const PAST_STEP = 180;
/** However often a viewer asks, the pictures since the last key frame are sent again no more often, ms. */
const AGAIN_MS = 1000;
/** Twice what there may be since a key frame (gop.ts). */
const MAX_BACKLOG = 3000;
/** When the camera's clock and the pictures' dates have drifted apart by more, the timestamps jump. */
const MAX_DRIFT = 90 * 250;

export class Feed {
  readonly payloadType: number;
  readonly #o: FeedOptions;
  readonly #packetiser: Packetiser;
  #subscription: Subscription | undefined;
  #offset: number | undefined;
  #run = -1;
  #lastTimestamp = Number.NEGATIVE_INFINITY;
  /** What is to be sent, and the packets of the picture that is being sent. */
  #backlog: { picture: AccessUnit; timestamp: number }[] = [];
  #packets: Iterator<Buffer, undefined> | undefined;
  #cancelPace: Cancel | undefined;
  #closed = false;
  #begunAt = Number.NEGATIVE_INFINITY;
  /** Pictures are left out until a key frame comes in time. */
  #skips = false;
  /** The past is on its way. What comes live follows it, though the relay be behind: else the picture would stand at its end. */
  #begins = false;
  /** How many viewers consume it. */
  viewers = 0;
  /** RTP bytes handed to the relay so far. */
  bytes = 0;

  constructor(options: FeedOptions) {
    this.#o = options;
    this.payloadType = options.payloadType;
    const { payloadType, ssrc } = options;
    this.#packetiser = new Packetiser({ payloadType, ssrc, firstSequence: ssrc & 0x7fff, playoutDelayId: PLAYOUT_DELAY.id });
  }

  get producerId(): string {
    return this.#o.producer.id;
  }

  /** Once the first viewer can receive; calling it again does nothing. */
  start(): void {
    if (this.#subscription || this.#closed) return;
    this.#subscription = this.#o.hub.subscribe({ onPicture: (picture) => this.#live(picture) });
    const past = this.#subscription.gop;
    const newest = past.at(-1);
    if (!newest) return;
    const now = this.#timestamp(newest);
    for (const [i, picture] of past.entries()) this.#queue(picture, now - (past.length - 1 - i) * PAST_STEP);
    this.#begin();
  }

  /**
   * The viewer cannot go on without a key frame (PLI, FIR): it gets the last one again with all that followed, squeezed in before
   * the next picture. Where several share the feed they wait for the camera's next one: nobody else's picture jumps back. Where the relay was
   * behind, all their pictures stand, and all go on.
   */
  keyAsked(): void {
    const past = this.#o.hub.gop;
    const jumpsBack = this.viewers !== 1 && !this.#skips;
    if (!this.#subscription || jumpsBack || this.#o.relay.late || !past[0]?.key || this.#waits) return;
    if (this.#o.clock.now() - this.#begunAt < AGAIN_MS) return;
    for (const picture of past) this.#queue(picture, this.#lastTimestamp + 1);
    this.#begin();
  }

  /** The past is queued up to the newest picture. */
  #begin(): void {
    this.#begunAt = this.#o.clock.now();
    this.#begins = true;
    this.#skips = false;
    this.#drain();
  }

  get #waits(): boolean {
    return this.#packets !== undefined || this.#backlog.length > 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelPace?.();
    this.#backlog = [];
    this.#packets = undefined;
    this.#subscription?.close();
    this.#o.producer.close();
  }

  /** What a relay that is behind has not taken yet would be old when it is shown, and everybody's requests wait behind it. */
  #live(picture: AccessUnit): void {
    const { late } = this.#o.relay;
    if ((late && !this.#begins) || this.#backlog.length >= MAX_BACKLOG) this.#skips = true;
    else if (picture.key) this.#skips = false;
    if (this.#skips) return;
    // A newer beginning takes the place of the one that waits.
    if (late && picture.key) this.#backlog = [];
    this.#queue(picture, this.#timestamp(picture));
    this.#drain();
  }

  /**
   * 90 kHz ticks of the picture's own date: a viewer can tell from the RTP timestamp when a picture was taken (modulo 2^32
   * ticks, 13 hours). Steps are the camera's, so that dates corrected by a few milliseconds do not make the motion jerk.
   */
  #timestamp(picture: AccessUnit): number {
    const date = picture.pictureAt * 90;
    const { run } = picture.track;
    if (this.#offset === undefined || run !== this.#run || Math.abs(picture.ticks + this.#offset - date) > MAX_DRIFT)
      this.#offset = date - picture.ticks;
    this.#run = run;
    // Time does not go back for a decoder: after a new run or a corrected date it stands still for a moment.
    return Math.round(Math.max(picture.ticks + this.#offset, this.#lastTimestamp + 1));
  }

  #queue(picture: AccessUnit, timestamp: number): void {
    this.#lastTimestamp = timestamp;
    this.#backlog.push({ picture, timestamp });
  }

  #drain(): void {
    if (this.#cancelPace) return;
    const { relay, producer } = this.#o;
    for (let bytes = 0; bytes < PACE_BYTES && !relay.full; ) {
      const packet = this.#nextPacket();
      if (!packet) return;
      bytes += packet.length;
      this.bytes += packet.length;
      producer.send(packet);
      relay.gave(packet.length);
    }
    this.#cancelPace = this.#o.clock.after(PACE_MS, () => {
      this.#cancelPace = undefined;
      this.#drain();
    });
  }

  #nextPacket(): Buffer | undefined {
    for (;;) {
      const packet = this.#packets?.next().value;
      if (packet) return packet;
      const next = this.#backlog.shift();
      this.#packets = next && this.#packetiser.packets(next.picture, next.timestamp);
      if (!next) {
        this.#begins = false;
        return undefined;
      }
    }
  }
}
