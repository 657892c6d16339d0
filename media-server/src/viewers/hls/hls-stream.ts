/** Hop Ⓒ by HLS: one rendition's packager. Runs while viewers ask, subscribes to the hub once for all of them. */
import { CodedError } from '@shouwang/protocol';
import type { Hub, Subscription } from '../../hub/hub.ts';
import type { Clock } from '../../lib/clock.ts';
import { describeStream, type StreamDescription } from './description.ts';
import { type RenditionReport, renderPlaylist } from './playlist.ts';
import { PlaylistText } from './playlist-text.ts';
import { type Segment, wholeOf } from './segment-list.ts';
import { Segmenter } from './segmenter.ts';
import { Sound } from './sound.ts';
import { TsLane } from './ts/ts-lane.ts';
import { checkWish, type PlaylistWish, reached } from './wish.ts';

export interface HlsStreamOptions {
  hub: Hub;
  /** In every address of this stream, so that no cache mixes it with an earlier one. */
  epoch: string;
  clock: Clock;
  partMs: number;
  windowS: number;
  /** EXT-X-TARGETDURATION, s. */
  targetS: number;
  /** For cameras that send G.711; absent: their sound is left out. */
  ffmpeg?: string | undefined;
  /** The other renditions of the camera that run now. */
  reports?: () => readonly RenditionReport[];
}

/** Everybody who waits for the same thing waits together. */
interface Wait {
  test: () => boolean;
  done: Promise<void>;
  resolve(): void;
  reject(error: CodedError): void;
}

/** From a cold start: connecting, the next key frame, a part. */
const FIRST_MS = 10_000;

export class HlsStream {
  readonly epoch: string;
  readonly #o: HlsStreamOptions;
  readonly #sound: Sound;
  #segmenter: Segmenter;
  #subscription: Subscription;
  /** Somebody has been told what is in it: it may not become something else. */
  #told = false;
  /** By what is waited for. */
  readonly #waits = new Map<string, Wait>();
  #ts: TsLane | undefined;
  #rendered: { revision: number; text: PlaylistText } | undefined;
  #revision = 0;
  #closed = false;

  constructor(options: HlsStreamOptions) {
    this.#o = options;
    this.epoch = options.epoch;
    const { hub, ffmpeg, clock } = options;
    this.#sound = new Sound({ hub, ffmpeg, clock, onFrame: (data, ticks) => this.#segmenter.pushSound(data, ticks) });
    this.#segmenter = this.#makeSegmenter();
    this.#subscription = this.#subscribe();
    this.#segmenter.replay(this.#subscription.gop);
  }

  /** Waits until there is something to play. Throws CAMERA_OFFLINE or CODEC_UNSUPPORTED. */
  async ready(): Promise<void> {
    // More than once where it was begun again with the sound at that very moment.
    while (!this.#playable()) {
      // Fails early where the camera cannot be reached.
      await this.#o.hub.waitForTrack(FIRST_MS);
      await this.#wait('something to play', () => this.#playable(), FIRST_MS);
    }
    this.#told = true;
  }

  /** Throws BAD_PAYLOAD for a wish that RFC 8216bis (6.2.5.2) does not allow, CAMERA_OFFLINE when it does not come true. */
  async playlist(wish: PlaylistWish = {}): Promise<PlaylistText> {
    if (!this.#told) await this.ready();
    checkWish(wish, this.#segmenter);
    if (wish.msn !== undefined && !reached(wish, this.#segmenter))
      await this.#wait(`playlist ${wish.msn}.${wish.part}`, () => reached(wish, this.#segmenter), this.#patience());
    return this.#render();
  }

  /** Throws NOT_FOUND. */
  init(index: number): Buffer {
    const init = this.#segmenter.init(index);
    if (!init) throw new CodedError('NOT_FOUND');
    return init.bytes;
  }

  /** Throws NOT_FOUND. */
  segment(sequence: number): Buffer {
    const segment = this.#segmenter.segment(sequence);
    if (!segment?.complete) throw new CodedError('NOT_FOUND');
    return wholeOf(segment);
  }

  /** Waits for one that was hinted at (EXT-X-PRELOAD-HINT, 4.4.5.3). Throws or rejects with NOT_FOUND, rejects with CAMERA_OFFLINE. */
  part(sequence: number, index: number): Buffer | Promise<Buffer> {
    const part = this.#segmenter.segment(sequence)?.parts[index];
    if (part) return part.bytes;
    if (!this.#isNext(sequence, index)) throw new CodedError('NOT_FOUND');
    return this.#nextPart(sequence, index);
  }

  /** The classic playlist of MPEG-TS segments. Throws as `playlist`. */
  async tsPlaylist(): Promise<PlaylistText> {
    await this.ready();
    this.#ts ??= new TsLane({ targetS: this.#o.targetS, windowS: this.#o.windowS });
    const ts = this.#ts;
    ts.follow(this.#segmenter);
    await this.#wait('MPEG-TS', () => ts.playable, this.#patience());
    return new PlaylistText(ts.render());
  }

  /** Throws NOT_FOUND. */
  tsSegment(sequence: number): Buffer {
    const bytes = this.#ts?.segment(sequence);
    if (!bytes) throw new CodedError('NOT_FOUND');
    return bytes;
  }

  /** EXT-X-TARGETDURATION, s. */
  get targetS(): number {
    return this.#o.targetS;
  }

  /** Longest distance of the camera's key frames, s; 0: not known yet. */
  get keyDistanceS(): number {
    return this.#segmenter.keyDistanceS;
  }

  /** As `Segmenter.outpaced`. */
  get outpaced(): boolean {
    return this.#segmenter.outpaced;
  }

  /** Undefined before `ready`. */
  get description(): StreamDescription | undefined {
    return this.#playable() ? describeStream(this.#segmenter, this.#o.targetS) : undefined;
  }

  /** Where this rendition has got to (EXT-X-RENDITION-REPORT, 4.4.5.4). */
  get report(): Omit<RenditionReport, 'uri'> | undefined {
    const newest = this.#newest();
    return newest && { lastMsn: newest.sequence, lastPart: newest.parts.length - 1 };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription.close();
    this.#sound.close();
    this.#failAll(new CodedError('NOT_FOUND', 'this stream has ended'));
  }

  #makeSegmenter(): Segmenter {
    const { partMs, windowS, targetS } = this.#o;
    return new Segmenter({ partMs, windowS, targetS, onChange: () => this.#changed(), soundTrack: () => this.#soundTrack() });
  }

  #subscribe(): Subscription {
    return this.#o.hub.subscribe({
      onPicture: (picture) => this.#segmenter.push(picture),
      onAudio: (frame) => {
        this.#beginWithSound();
        this.#sound.push(frame);
      },
      // Nothing to offer yet: say so at once. Otherwise what was offered stays, and goes on when the camera is back.
      onDown: (error) => {
        if (!this.#playable()) this.#failAll(error);
      },
    });
  }

  /** The sound of some sources shows only after the first picture: while nobody was told of a stream without it, it is begun again. */
  #beginWithSound(): void {
    if (this.#told || this.#segmenter.sound || !this.#segmenter.track || !this.#sound.track) return;
    this.#subscription.close();
    this.#segmenter = this.#makeSegmenter();
    this.#subscription = this.#subscribe();
    this.#segmenter.replay(this.#subscription.gop);
  }

  /** Players have made room for what they were told: sound that goes away is silence from then on, and new one waits for another epoch. */
  #soundTrack() {
    const { sound } = this.#segmenter;
    if (!this.#told) return this.#sound.track;
    return sound && (this.#sound.track ?? sound);
  }

  #render(): PlaylistText {
    const { segments, discontinuitySequence, partTargetS } = this.#segmenter;
    // Reports are as new as the playlist that they are in (4.4.5.4).
    if (this.#rendered?.revision !== this.#revision) {
      const { targetS, windowS } = this.#o;
      const reports = this.#o.reports?.() ?? [];
      const text = renderPlaylist({ segments, discontinuitySequence, partTargetS, targetS, windowS, reports });
      this.#rendered = { revision: this.#revision, text: new PlaylistText(text) };
    }
    return this.#rendered.text;
  }

  async #nextPart(sequence: number, index: number): Promise<Buffer> {
    const segment = () => this.#segmenter.segment(sequence);
    // The segment may also end where another part was hinted at.
    const settled = () => segment()?.parts[index] !== undefined || segment()?.complete === true;
    await this.#wait(`part ${sequence}.${index}`, settled, this.#patience());
    const part = segment()?.parts[index];
    if (!part) throw new CodedError('NOT_FOUND');
    return part.bytes;
  }

  /** A whole segment and a part after it, or two segments: what players need to begin. */
  #playable(): boolean {
    const [first, second] = this.#segmenter.segments;
    return (first?.complete ?? false) && (second?.parts.length ?? 0) > 0;
  }

  #newest(): Segment | undefined {
    return this.#segmenter.segments.findLast((s) => s.parts.length > 0);
  }

  #isNext(sequence: number, index: number): boolean {
    const newest = this.#newest();
    if (!newest) return false;
    if (newest.complete) return sequence === newest.sequence + 1 && index === 0;
    return sequence === newest.sequence && index === newest.parts.length;
  }

  /** Three target durations (6.2.5.2). */
  #patience(): number {
    return 3000 * this.#o.targetS;
  }

  /** `ms`: from when the first one began to wait. */
  #wait(what: string, test: () => boolean, ms: number): Promise<void> {
    if (this.#closed) return Promise.reject(new CodedError('NOT_FOUND', 'this stream has ended'));
    if (test()) return Promise.resolve();
    const same = this.#waits.get(what);
    if (same) return same.done;
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    // 503, as 6.2.5.2 wants it: the playlist does not grow because nothing comes from the camera.
    const cancel = this.#o.clock.after(ms, () => wait.reject(new CodedError('CAMERA_OFFLINE', 'no new pictures in time')));
    const settle = (how: () => void) => {
      cancel();
      this.#waits.delete(what);
      how();
    };
    const wait: Wait = { test, done, resolve: () => settle(resolve), reject: (error) => settle(() => reject(error)) };
    this.#waits.set(what, wait);
    return done;
  }

  #changed(): void {
    this.#revision++;
    this.#ts?.follow(this.#segmenter);
    for (const w of [...this.#waits.values()]) if (w.test()) w.resolve();
  }

  #failAll(error: CodedError): void {
    for (const w of [...this.#waits.values()]) w.reject(error);
  }
}
