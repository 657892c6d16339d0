/** One camera's G.711 into one mediasoup producer, as it comes: RFC 3551, 4.5.14; a packet for each of the camera's. */
import type { types } from 'mediasoup';
import type { Hub, Subscription } from '../../hub/hub.ts';
import type { AudioFrame } from '../../ingest/access-unit.ts';
import { G711, type G711Codec } from './codecs.ts';

export interface SoundFeedOptions {
  hub: Hub;
  codec: G711Codec;
  ssrc: number;
}

/** A packet of more would not pass every path. */
const MAX_PAYLOAD = 1180;
/** 90 kHz ticks a sample of 8 kHz. */
const TICKS = 90 / 8;

export class SoundFeed {
  readonly codec: G711Codec;
  readonly #o: SoundFeedOptions;
  #producer: Pick<types.Producer, 'send' | 'close'> | undefined;
  #subscription: Subscription | undefined;
  #sequence: number;
  #run = -1;
  /** Added to a frame's time, in samples, so that time goes on over a new connection of the camera. */
  #offset = 0;
  #next = 0;
  #talks = false;
  #closed = false;
  /** Payload bytes sent so far. */
  bytes = 0;

  constructor(options: SoundFeedOptions) {
    this.#o = options;
    this.codec = options.codec;
    this.#sequence = options.ssrc & 0x7fff;
  }

  sendTo(producer: Pick<types.Producer, 'send' | 'close'>): void {
    if (this.#closed) producer.close();
    else this.#producer = producer;
  }

  /** Once the first viewer can receive; calling it again does nothing. */
  start(): void {
    if (this.#closed || this.#subscription) return;
    this.#subscription = this.#o.hub.subscribe({
      onPicture: () => {},
      onAudio: (frame) => this.#send(frame),
      onDown: () => {
        this.#talks = false;
      },
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription?.close();
    this.#producer?.close();
  }

  #send(frame: AudioFrame): void {
    // A camera that changed its codec or has two channels: what viewers agreed to no longer fits.
    if (frame.track.codec !== this.codec || frame.track.channels !== 1 || frame.track.sampleRate !== 8000) return;
    if (frame.data.length === 0 || frame.data.length > MAX_PAYLOAD) return;
    const samples = Math.round(frame.ticks / TICKS);
    if (frame.track.run !== this.#run) {
      this.#offset = this.#next - samples;
      this.#run = frame.track.run;
      this.#talks = false;
    }
    const timestamp = samples + this.#offset;
    if (timestamp < this.#next && this.#talks) return;
    const header = Buffer.allocUnsafe(12);
    header[0] = 0x80;
    // The marker begins a talkspurt (RFC 3551, 4.1).
    header[1] = G711[this.codec].payloadType | (this.#talks ? 0 : 0x80);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(((timestamp % 2 ** 32) + 2 ** 32) % 2 ** 32, 4);
    header.writeUInt32BE(this.#o.ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#talks = true;
    this.#next = timestamp + frame.data.length;
    this.bytes += frame.data.length;
    this.#producer?.send(Buffer.concat([header, frame.data]));
  }
}
