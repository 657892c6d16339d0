/**
 * The HLS streams that run, by camera and rendition: begun by the first playlist, ended when the sessions that watch it end, or nobody
 * asks any more.
 */
import { CodedError } from '@shouwang/protocol';
import type { Hub } from '../../hub/hub.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import { describeVideo } from './codecs.ts';
import type { StreamDescription } from './description.ts';
import { HlsStream } from './hls-stream.ts';
import { renderMultivariant, type Variant } from './multivariant.ts';
import { names } from './playlist.ts';
import { PlaylistText } from './playlist-text.ts';
import { type Can, isMasked, type RenditionName, type Renditions } from './renditions.ts';
import { carriedSound } from './sound.ts';
import { tsNames } from './ts/ts-lane.ts';

export interface HlsStreamsOptions {
  renditions: Renditions;
  clock: Clock;
  partMs: number;
  windowS: number;
  /** EXT-X-TARGETDURATION for a camera whose distance of key frames is not known yet, s. */
  targetS: number;
  makeEpoch: () => string;
  ffmpeg?: string | undefined;
}

/** Who asks. */
export interface HlsViewer {
  viewId: string;
  /** Without the camera's masks. */
  unmasked: boolean;
}

export interface MultivariantWish {
  /** Only this size; undefined: both. */
  quality?: 'main' | 'sub' | undefined;
  can?: Can;
}

/** A rendition under an address of its own; its stream runs from the first ask for its playlist. */
interface Slot {
  cameraId: string;
  name: RenditionName;
  epoch: string;
  stream: HlsStream | undefined;
  viewers: Set<string>;
  askedAt: number;
  cancelIdle: Cancel;
}

/** A player asks at least once a target duration; one that has not for this long is gone. */
const IDLE_MS = 20_000;
/** Where segments are so long that it may wait for its answer, or to ask again. */
const IDLE_TARGETS = 4;
/** How long a viewer of the main stream waits to hear what the smaller one is like. */
const DESCRIBE_MS = 1000;
/** A camera with hardly any key frames: its segments are cut without one rather than made longer than this, s. */
const MAX_TARGET_S = 30;
const ROUNDING_S = 0.49;
/** Bits a pixel that cameras usually spend: until the smaller stream was measured. */
const MIN_BANDWIDTH = 100_000;
/** What MPEG-TS adds: headers of 4 bytes in 188, and packets that are not full. */
const TS_SHARE = 1.1;

export class HlsStreams {
  readonly #o: HlsStreamsOptions;
  /** By camera and rendition: for those who come now. */
  readonly #current = new Map<string, Slot>();
  readonly #byEpoch = new Map<string, Slot>();
  /** What was learnt of a rendition while it ran. */
  readonly #known = new Map<string, { keyDistanceS: number; description: StreamDescription | undefined }>();

  constructor(options: HlsStreamsOptions) {
    this.#o = options;
  }

  /** Views that have fetched something and not ended. */
  get viewers(): number {
    return new Set([...this.#byEpoch.values()].flatMap((slot) => [...slot.viewers])).size;
  }

  /** Begins the main stream, or the one that is wished for. Throws CAMERA_UNKNOWN, CAMERA_OFFLINE, CODEC_UNSUPPORTED, TRANSCODE_BUDGET. */
  async multivariant(cameraId: string, viewer: HlsViewer, { quality, can }: MultivariantWish = {}): Promise<PlaylistText> {
    const { renditions } = this.#o;
    const wantsSub = quality !== 'main' && renditions.hasSub(cameraId);
    const size = quality === 'sub' && wantsSub ? 'sub' : 'main';
    const first = renditions.named(cameraId, size, viewer);
    // A second masked rendition only to say what it is like would cost another transcode.
    const described = wantsSub && first === 'main' ? this.#describe(cameraId, 'sub') : undefined;
    const slot = this.#slot(cameraId, first);
    const stream = this.#run(slot, viewer.viewId);
    await stream.ready();
    const own = stream.description!;
    const variants = [variant(slot, own)];
    const sub = await described;
    // Media Source Extensions take no track more or less later on (W3C, 3.5.7): players cannot go from one with sound to one without.
    if (sub && this.#hasSound(sub) === hasSound(own)) variants.push(variant(this.#slot(cameraId, 'sub'), this.#estimate(sub, own)));
    return new PlaylistText(renderMultivariant(this.#playable(cameraId, variants, can)));
  }

  /**
   * The stream of an epoch; begun if need be. Throws NOT_FOUND when it has ended, or is not for this viewer: the player starts over. And
   * what `Renditions.hub` throws.
   */
  find(cameraId: string, epoch: string, viewer: HlsViewer): HlsStream {
    const slot = this.#byEpoch.get(epoch);
    // Whoever watches starts over, too: it would only fall farther behind.
    if (slot?.stream?.outpaced) this.#end(slot);
    if (slot?.cameraId !== cameraId || slot.stream?.outpaced || !this.#o.renditions.maySee(cameraId, slot.name, viewer))
      throw new CodedError('NOT_FOUND', 'this stream has ended');
    return this.#run(slot, viewer.viewId);
  }

  /** Whether a cache in front of the node may hand this viewer what it holds of an epoch. */
  mayHave(cameraId: string, epoch: string, viewer: HlsViewer): boolean {
    const slot = this.#byEpoch.get(epoch);
    // Of one that has ended nobody knows any more whether it was masked.
    return this.#o.renditions.maySee(cameraId, slot?.cameraId === cameraId ? slot.name : 'main', viewer);
  }

  /**
   * One stream in MPEG-TS, for a player that knows nothing else. In a multivariant playlist, not behind a redirection: some players, Chromium's own
   * among them, look for the segments where they looked for the playlist first (against RFC 3986, 5.1.3). Throws as `multivariant`.
   */
  async classic(cameraId: string, viewer: HlsViewer, wish: MultivariantWish = {}): Promise<PlaylistText> {
    const { epoch, description } = await this.#single(cameraId, viewer, wish);
    const { bandwidth, averageBandwidth, ...same } = description!;
    const inTs = { bandwidth: Math.ceil(bandwidth * TS_SHARE), averageBandwidth: Math.ceil(averageBandwidth * TS_SHARE) };
    return new PlaylistText(renderMultivariant([{ uri: `${epoch}/${tsNames.playlist}`, description: { ...same, ...inTs } }], 3));
  }

  async #single(cameraId: string, viewer: HlsViewer, { quality, can }: MultivariantWish): Promise<HlsStream> {
    const { viewId } = viewer;
    const name = this.#o.renditions.named(cameraId, quality === 'sub' ? 'sub' : 'main', viewer);
    const stream = this.#start(cameraId, name, viewId);
    await stream.ready();
    const own = stream.description!;
    const made = can === 'h264' && !own.codecs.startsWith('avc1') ? this.#o.renditions.transcodes(own)[0] : undefined;
    if (!made) return stream;
    const transcoded = this.#start(cameraId, made.name, viewId);
    await transcoded.ready();
    return transcoded;
  }

  /** A view has ended. */
  leave(cameraId: string, viewId: string): void {
    for (const slot of [...this.#byEpoch.values()])
      if (slot.cameraId === cameraId && slot.viewers.delete(viewId) && slot.viewers.size === 0) this.#end(slot);
  }

  close(): void {
    for (const slot of [...this.#byEpoch.values()]) this.#end(slot);
  }

  #start(cameraId: string, name: RenditionName, viewId: string): HlsStream {
    return this.#run(this.#slot(cameraId, name), viewId);
  }

  #slot(cameraId: string, name: RenditionName): Slot {
    const key = keyOf(cameraId, name);
    const current = this.#current.get(key);
    // Its targets can change no more, and key frames or pictures turned out to be farther apart: whoever comes now gets another one.
    if (current && !outgrown(current.stream)) return current;
    const slot: Slot = {
      cameraId,
      name,
      epoch: this.#o.makeEpoch(),
      stream: undefined,
      viewers: new Set(),
      askedAt: 0,
      cancelIdle: () => {},
    };
    if (current) this.#learn(current);
    this.#current.set(key, slot);
    this.#byEpoch.set(slot.epoch, slot);
    return slot;
  }

  #run(slot: Slot, viewId: string): HlsStream {
    if (!slot.stream) {
      const { renditions, clock, partMs, windowS, ffmpeg } = this.#o;
      const hub = renditions.hub(slot.cameraId, slot.name);
      const targetS = this.#targetFor(slot);
      const reports = () => this.#reports(slot);
      const window = Math.max(windowS, 3 * targetS);
      slot.stream = new HlsStream({ hub, epoch: slot.epoch, clock, partMs, windowS: window, targetS, ffmpeg, reports });
      this.#endWhenIdle(slot, patienceMs(slot));
    }
    slot.viewers.add(viewId);
    slot.askedAt = this.#o.clock.now();
    return slot.stream;
  }

  /** One timer a stream, not one a request: when it comes it looks how long ago the last request was. */
  #endWhenIdle(slot: Slot, afterMs: number): void {
    slot.cancelIdle = this.#o.clock.after(afterMs, () => {
      const leftMs = slot.askedAt + patienceMs(slot) - this.#o.clock.now();
      if (leftMs > 0) this.#endWhenIdle(slot, leftMs);
      else this.#end(slot);
    });
  }

  #targetFor({ cameraId, name }: Slot): number {
    const seen = this.#known.get(keyOf(cameraId, name))?.keyDistanceS ?? 0;
    return seen === 0 ? this.#o.targetS : Math.min(MAX_TARGET_S, Math.max(this.#o.targetS, Math.ceil(seen - ROUNDING_S)));
  }

  #end(slot: Slot): void {
    this.#learn(slot);
    slot.cancelIdle();
    this.#byEpoch.delete(slot.epoch);
    const key = keyOf(slot.cameraId, slot.name);
    if (this.#current.get(key) === slot) this.#current.delete(key);
    slot.stream?.close();
  }

  #learn({ cameraId, name, stream }: Slot): void {
    if (!stream) return;
    const before = this.#known.get(keyOf(cameraId, name));
    const keyDistanceS = stream.keyDistanceS || (before?.keyDistanceS ?? 0);
    this.#known.set(keyOf(cameraId, name), { keyDistanceS, description: stream.description ?? before?.description });
  }

  /** EXT-X-RENDITION-REPORT: where the other renditions have got to, as seen from this one's playlist. */
  #reports(own: Slot) {
    return [...this.#current.values()].flatMap((other) => {
      const beside = other.cameraId === own.cameraId && other !== own && isMasked(other.name) === isMasked(own.name);
      const report = beside ? other.stream?.report : undefined;
      return report ? [{ uri: `../${other.epoch}/${names.playlist}`, ...report }] : [];
    });
  }

  /** For those who can decode H.264 only, or who did not say, what is made of H.265 as well. */
  #playable(cameraId: string, variants: Variant[], can: Can): Variant[] {
    const [best] = variants;
    if (!best || best.description.codecs.startsWith('avc1') || can === 'h265') return variants;
    const made = this.#o.renditions
      .transcodes(best.description)
      .map(({ name, description }) => variant(this.#slot(cameraId, name), description));
    const asIs = can === 'h264' ? variants.filter((v) => v.description.codecs.startsWith('avc1')) : variants;
    const all = [...asIs, ...made];
    if (all.length === 0) throw new CodedError('CODEC_UNSUPPORTED', 'this camera sends H.265, and this node has no ffmpeg');
    return all;
  }

  /** What a rendition is like that perhaps does not run: as it was, or as the camera says when it is asked. */
  async #describe(cameraId: string, name: RenditionName): Promise<StreamDescription | Hub | undefined> {
    const slot = this.#current.get(keyOf(cameraId, name));
    const known = slot?.stream?.description ?? this.#known.get(keyOf(cameraId, name))?.description;
    if (known) return known;
    const hub = this.#o.renditions.hub(cameraId, name);
    if (hub.track) return hub;
    let subscription: { close(): void } | undefined;
    try {
      subscription = hub.subscribe({ onPicture: () => {} });
      await hub.waitForTrack(DESCRIBE_MS);
      await hub.waitForSound(DESCRIBE_MS);
      return hub;
    } catch {
      // Without it there is one variant less; the main stream says for itself what is wrong.
      return undefined;
    } finally {
      subscription?.close();
    }
  }

  #hasSound(of: StreamDescription | Hub): boolean {
    return 'codecs' in of ? hasSound(of) : carriedSound(of.audioTrack, this.#o.ffmpeg) !== undefined;
  }

  /** One that was never packaged: size and codec are the camera's own, its bit rate is taken to go with its size until it was measured. */
  #estimate(of: StreamDescription | Hub, beside: StreamDescription): StreamDescription {
    if ('codecs' in of) return of;
    const { width, height, codec } = describeVideo(of.track!);
    const share = (width * height) / (beside.width * beside.height);
    const averageBandwidth = Math.max(MIN_BANDWIDTH, Math.ceil((of.mbit ?? 0) * 1e6) || Math.ceil(beside.averageBandwidth * share));
    const bandwidth = Math.max(averageBandwidth, Math.ceil(beside.bandwidth * share));
    const sound = /,.*/.exec(beside.codecs)?.[0] ?? '';
    return { codecs: codec + sound, width, height, bandwidth, averageBandwidth, frameRate: beside.frameRate };
  }
}

function keyOf(cameraId: string, name: RenditionName): string {
  return `${cameraId}/${name}`;
}

function hasSound({ codecs }: StreamDescription): boolean {
  return codecs.includes(',');
}

function patienceMs({ stream }: Slot): number {
  return Math.max(IDLE_MS, IDLE_TARGETS * 1000 * (stream?.targetS ?? 0));
}

function variant({ epoch }: Slot, description: StreamDescription): Variant {
  return { uri: `${epoch}/${names.playlist}`, description };
}

function outgrown(stream: HlsStream | undefined): boolean {
  if (!stream) return false;
  return stream.outpaced || (stream.targetS < MAX_TARGET_S && stream.keyDistanceS > stream.targetS + ROUNDING_S);
}
