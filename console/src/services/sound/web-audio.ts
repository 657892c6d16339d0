/**
 * The room's loudspeaker by Web Audio. Ringing is put on the audio clock as a loop with a start time: timers of a page in
 * the background are slow, the audio clock is not.
 */
import { renderTone, type ToneName, toneLength } from './tones.ts';

/** `none`: not made yet. `suspended`: the browser keeps it mute until somebody touches the page. */
export type AudioState = 'none' | 'running' | 'suspended';

export interface RoomAudio {
  state(): AudioState;
  onState(listener: () => void): () => void;
  /** Asks the browser for sound; only works after a touch. Tells whether there is sound now. Never rejects. */
  resume(): Promise<boolean>;
  /** The alarm tone again and again, from `delayS` seconds on. */
  ringFrom(delayS: number): void;
  stopRinging(): void;
  /** One tone, once. Resolves when it has been heard to the end; false if there is no sound. */
  play(tone: ToneName): Promise<boolean>;
}

const GAIN = 0.8;

export class WebAudio implements RoomAudio {
  readonly #make: () => AudioContext;
  readonly #listeners = new Set<() => void>();
  #context: AudioContext | undefined;
  #ringing: AudioBufferSourceNode | undefined;
  #buffers = new Map<ToneName, AudioBuffer>();

  constructor(make: () => AudioContext = () => new AudioContext()) {
    this.#make = make;
  }

  state(): AudioState {
    if (!this.#context) return 'none';
    return this.#context.state === 'running' ? 'running' : 'suspended';
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async resume(): Promise<boolean> {
    const context = this.#open();
    // Without a touch `resume` stays pending for ever in some browsers.
    await Promise.race([context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 400))]);
    return this.state() === 'running';
  }

  ringFrom(delayS: number): void {
    this.stopRinging();
    const context = this.#open();
    const source = this.#source('alarm');
    source.loop = true;
    source.start(context.currentTime + Math.max(0, delayS));
    this.#ringing = source;
  }

  stopRinging(): void {
    this.#ringing?.stop();
    this.#ringing?.disconnect();
    this.#ringing = undefined;
  }

  async play(tone: ToneName): Promise<boolean> {
    if (!(await this.resume())) return false;
    const source = this.#source(tone);
    const ended = new Promise<boolean>((done) => {
      source.addEventListener('ended', () => done(true), { once: true });
      // A loudspeaker that was pulled out: the audio clock stands still and nothing ever ends.
      setTimeout(() => done(false), toneLength(tone) * 1000 + 1500);
    });
    source.start();
    const heard = await ended;
    source.disconnect();
    return heard;
  }

  #open(): AudioContext {
    if (!this.#context) {
      this.#context = this.#make();
      this.#context.addEventListener('statechange', () => {
        for (const listener of [...this.#listeners]) listener();
      });
    }
    return this.#context;
  }

  #source(tone: ToneName): AudioBufferSourceNode {
    const context = this.#open();
    let buffer = this.#buffers.get(tone);
    if (!buffer) {
      const samples = renderTone(tone, context.sampleRate);
      buffer = context.createBuffer(1, samples.length, context.sampleRate);
      buffer.copyToChannel(samples, 0);
      this.#buffers.set(tone, buffer);
    }
    const gain = context.createGain();
    gain.gain.value = GAIN;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(gain).connect(context.destination);
    return source;
  }
}
