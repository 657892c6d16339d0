/** A camera in the test's hand. */
import type { CodedError } from '@shouwang/protocol';
import {
  type AccessUnit,
  type AudioFrame,
  type AudioTrack,
  type CameraSource,
  type DownPhase,
  newCounters,
  type SourceHealth,
  type SourceListener,
  type VideoTrack,
} from '../ingest/access-unit.ts';

export class FakeSource implements CameraSource {
  readonly counters = newCounters();
  #listener: SourceListener | undefined;
  starts = 0;
  stops = 0;

  get running(): boolean {
    return this.#listener !== undefined;
  }

  start(listener: SourceListener): void {
    this.starts++;
    this.#listener = listener;
  }

  async stop(): Promise<void> {
    this.stops++;
    this.#listener = undefined;
  }

  answers(track: VideoTrack): void {
    this.#listener?.onTrack(track);
  }

  sends(...pictures: AccessUnit[]): void {
    for (const p of pictures) this.#listener?.onPicture(p);
  }

  /** It will have sound. */
  promisesSound(): void {
    this.#listener?.onSoundComing?.();
  }

  hears(track: AudioTrack, ...frames: AudioFrame[]): void {
    this.#listener?.onAudioTrack?.(track);
    for (const f of frames) this.#listener?.onAudio?.(f);
  }

  feels(health: SourceHealth): void {
    this.#listener?.onHealth?.(health);
  }

  fails(error: CodedError, retryInMs = 1000, phase: DownPhase = 'down'): void {
    this.#listener?.onDown(error, retryInMs, phase);
  }
}
