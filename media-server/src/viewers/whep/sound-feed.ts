/**
 * One camera's sound into one mediasoup producer: G.711 as it comes, a packet for each of the camera's (RFC 3551, 4.5.14), or Opus as it was
 * made of AAC (RFC 7587).
 */
import type { types } from 'mediasoup';
import type { Hub } from '../../hub/hub.ts';
import type { AudioFrame } from '../../ingest/access-unit.ts';
import type { SoundChoice } from './codecs.ts';
import { OPUS_SAMPLES, type OpusEncoder } from './opus-encoder.ts';

export interface SoundFeedOptions {
  hub: Hub;
  choice: SoundChoice;
  ssrc: number;
  /** For Opus: gets the one that makes it, and gives it back. */
  encoder?: { take(): OpusEncoder; giveBack(): void } | undefined;
}

/** A packet of more would not pass every path. */
const MAX_PAYLOAD = 1180;
/** 90 kHz ticks a sample. */
const TICKS = { opus: 90 / 48, pcma: 90 / 8, pcmu: 90 / 8 };

export class SoundFeed {
  readonly choice: SoundChoice;
  readonly #o: SoundFeedOptions;
  #producer: Pick<types.Producer, 'send' | 'close'> | undefined;
  #leave: (() => void) | undefined;
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
    this.choice = options.choice;
    this.#sequence = options.ssrc & 0x7fff;
  }

  sendTo(producer: Pick<types.Producer, 'send' | 'close'>): void {
    if (this.#closed) producer.close();
    else this.#producer = producer;
  }

  /** Once the first viewer can receive; calling it again does nothing. */
  start(): void {
    if (this.#closed || this.#leave) return;
    const { hub, encoder } = this.#o;
    if (encoder) {
      const leave = encoder.take().listen(({ data, ticks, run }) => this.#packet(data, ticks, run, OPUS_SAMPLES));
      this.#leave = () => {
        leave();
        encoder.giveBack();
      };
      return;
    }
    const subscription = hub.subscribe({
      onPicture: () => {},
      onAudio: (frame) => this.#send(frame),
      onDown: () => {
        this.#talks = false;
      },
    });
    this.#leave = () => subscription.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave?.();
    this.#producer?.close();
  }

  #send(frame: AudioFrame): void {
    // A camera that changed its codec or has two channels: what viewers agreed to no longer fits.
    if (frame.track.codec !== this.choice.codec || frame.track.channels !== 1 || frame.track.sampleRate !== 8000) return;
    this.#packet(frame.data, frame.ticks, frame.track.run, frame.data.length);
  }

  /** `count`: samples in it. */
  #packet(data: Buffer, ticks: number, run: number, count: number): void {
    if (data.length === 0 || data.length > MAX_PAYLOAD) return;
    const samples = Math.round(ticks / TICKS[this.choice.codec]);
    if (run !== this.#run) {
      this.#offset = this.#next - samples;
      this.#run = run;
      this.#talks = false;
    }
    const timestamp = samples + this.#offset;
    if (timestamp < this.#next && this.#talks) return;
    const header = Buffer.allocUnsafe(12);
    header[0] = 0x80;
    // The marker begins a talkspurt (RFC 3551, 4.1).
    header[1] = this.choice.payloadType | (this.#talks ? 0 : 0x80);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(((timestamp % 2 ** 32) + 2 ** 32) % 2 ** 32, 4);
    header.writeUInt32BE(this.#o.ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#talks = true;
    this.#next = timestamp + count;
    this.bytes += data.length;
    this.#producer?.send(Buffer.concat([header, data]));
  }
}
