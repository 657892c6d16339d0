/** Hop Ⓒ by HLS: one camera's packager. Runs while viewers ask, subscribes to the hub once for all of them. */
import { CodedError } from '@shouwang/protocol';
import type { Hub, Subscription } from '../../hub/hub.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import { renderPlaylist, targetDuration } from './playlist.ts';
import { Segmenter } from './segmenter.ts';

export interface HlsStreamOptions {
  hub: Hub;
  /** In every address of this stream, so that no cache mixes it with an earlier one. */
  epoch: string;
  clock: Clock;
  partMs: number;
  windowS: number;
}

export interface PlaylistWish {
  /** `_HLS_msn` and `_HLS_part` (RFC 8216bis, 6.2.5.2): answer when this is there. */
  msn?: number | undefined;
  part?: number | undefined;
}

interface Waiter {
  test: () => boolean;
  resolve(): void;
  reject(error: CodedError): void;
}

/** From a cold start: connecting, the next key frame, a part. */
const FIRST_MS = 10_000;

export class HlsStream {
  readonly epoch: string;
  readonly #o: HlsStreamOptions;
  readonly #segmenter: Segmenter;
  readonly #subscription: Subscription;
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  constructor(options: HlsStreamOptions) {
    this.#o = options;
    this.epoch = options.epoch;
    this.#segmenter = new Segmenter({ partMs: options.partMs, windowS: options.windowS, onChange: () => this.#changed() });
    this.#subscription = options.hub.subscribe({
      onPicture: (picture) => this.#segmenter.push(picture),
      // Nothing to offer yet: say so at once. Otherwise what was offered stays, and goes on when the camera is back.
      onDown: (error) => {
        if (!this.#playable()) this.#failAll(error);
      },
    });
    this.#segmenter.replay(this.#subscription.gop);
  }

  /** Waits until there is something to play. Throws CAMERA_OFFLINE or CODEC_UNSUPPORTED. */
  async ready(): Promise<void> {
    if (this.#playable()) return;
    // Fails early where the camera cannot be reached.
    await this.#o.hub.waitForTrack(FIRST_MS);
    await this.#wait(() => this.#playable(), FIRST_MS);
  }

  /** Throws BAD_PAYLOAD for a wish too far ahead, TIMEOUT when it does not come true, CAMERA_OFFLINE. */
  async playlist({ msn, part }: PlaylistWish): Promise<string> {
    await this.ready();
    if (msn !== undefined) {
      const newest = this.#segmenter.segments.at(-1)!;
      // 6.2.5.2: two beyond the newest is a mistake.
      if (msn > newest.sequence + 2) throw new CodedError('BAD_PAYLOAD', '_HLS_msn is too far ahead');
      await this.#wait(() => this.#reached(msn, part), this.#patience());
    }
    const { segments, discontinuitySequence } = this.#segmenter;
    return renderPlaylist({ segments, discontinuitySequence, partMs: this.#o.partMs, windowS: this.#o.windowS });
  }

  /** Throws NOT_FOUND. */
  init(index: number): Buffer {
    const bytes = this.#segmenter.init(index);
    if (!bytes) throw new CodedError('NOT_FOUND');
    return bytes;
  }

  /** Throws NOT_FOUND. */
  segment(sequence: number): Buffer[] {
    const segment = this.#segmenter.segment(sequence);
    if (!segment?.complete) throw new CodedError('NOT_FOUND');
    return segment.parts.map((p) => p.bytes);
  }

  /** Waits for a part that was hinted at (6.2.5.3 and EXT-X-PRELOAD-HINT). Throws NOT_FOUND or TIMEOUT. */
  async part(sequence: number, index: number): Promise<Buffer> {
    const find = () => this.#segmenter.segment(sequence)?.parts[index];
    if (!find()) {
      const newest = this.#segmenter.segments.at(-1);
      const next =
        newest &&
        (newest.complete ? sequence === newest.sequence + 1 && index === 0 : sequence === newest.sequence && index === newest.parts.length);
      if (!next) throw new CodedError('NOT_FOUND');
      // The segment may also end where another part was hinted at.
      await this.#wait(() => find() !== undefined || this.#segmenter.segment(sequence)?.complete === true, this.#patience());
    }
    const part = find();
    if (!part) throw new CodedError('NOT_FOUND');
    return part.bytes;
  }

  /** EXT-X-TARGETDURATION, s. */
  get targetS(): number {
    return targetDuration(this.#segmenter.segments);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription.close();
    this.#failAll(new CodedError('NOT_FOUND', 'this stream has ended'));
  }

  /** A whole segment and a part after it, or two segments: what players need to begin. */
  #playable(): boolean {
    const [first, second] = this.#segmenter.segments;
    return (first?.complete ?? false) && (second?.parts.length ?? 0) > 0;
  }

  #reached(msn: number, part: number | undefined): boolean {
    const newest = this.#segmenter.segments.at(-1);
    if (!newest) return false;
    if (newest.sequence > msn) return true;
    if (newest.sequence < msn) return false;
    return newest.complete || (part !== undefined && newest.parts.length > part);
  }

  /** Three target durations (6.2.5.2). */
  #patience(): number {
    return 3000 * this.targetS;
  }

  #wait(test: () => boolean, ms: number): Promise<void> {
    if (this.#closed) return Promise.reject(new CodedError('NOT_FOUND', 'this stream has ended'));
    if (test()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let cancel: Cancel = () => {};
      const waiter: Waiter = {
        test,
        resolve: () => {
          cancel();
          this.#waiters.delete(waiter);
          resolve();
        },
        reject: (error) => {
          cancel();
          this.#waiters.delete(waiter);
          reject(error);
        },
      };
      cancel = this.#o.clock.after(ms, () => waiter.reject(new CodedError('TIMEOUT')));
      this.#waiters.add(waiter);
    });
  }

  #changed(): void {
    for (const w of [...this.#waiters]) if (w.test()) w.resolve();
  }

  #failAll(error: CodedError): void {
    for (const w of [...this.#waiters]) w.reject(error);
  }
}
