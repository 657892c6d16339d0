/** Raw pictures → access units: keeps the parameter sets, dates the pictures, and lets nothing undecodable through. */
import type { AccessUnit, SourceCounters, SourceListener, VideoTrack } from '../access-unit.ts';
import type { Moment, Timeline } from '../rtp/timeline.ts';
import type { RawPicture } from './depacketiser.ts';
import type { VideoFormat } from './format.ts';

/** With every scaling list there is, a set has half of this; a packet takes it whole. */
const MAX_SET_BYTES = 1024;

export interface AssemblerOptions {
  format: VideoFormat;
  counters: SourceCounters;
  listener: Pick<SourceListener, 'onTrack' | 'onPicture'>;
  timeline: Timeline;
  /** From the session description; in-band ones replace them. */
  parameterSets: readonly Buffer[];
  nextRun: () => number;
}

export class Assembler {
  readonly #o: AssemblerOptions;
  #vps: Buffer | undefined;
  #sps: Buffer | undefined;
  /** By pic_parameter_set_id: an encoder may use several. */
  readonly #pps = new Map<number, Buffer>();
  #track: VideoTrack | undefined;
  #needsKey = true;
  /** The last key frame was one that decoding began with. */
  #skipsLeading = false;
  #restarted = false;

  constructor(options: AssemblerOptions) {
    this.#o = options;
    for (const nal of options.parameterSets) this.#takeParameterSet(nal);
    this.#announce();
  }

  /** The sender began anew: times do not go on from before. */
  restart(): void {
    this.#needsKey = true;
    this.#restarted = true;
    this.#o.timeline.restart();
  }

  /** A picture without NAL units is one that came in broken. Gives when it was, also where it is thrown away; undefined: it was none. */
  push(raw: RawPicture, now: number): Moment | undefined {
    const { counters, format, timeline } = this.#o;
    for (const nal of raw.nals) this.#takeParameterSet(nal);
    const nals = raw.nals.filter((n) => format.isKept(n));
    const key = format.isKey(nals);
    if (key) this.#announce();
    // Parameter sets and messages sent alone are not a picture that was lost.
    if (raw.nals.length > 0 && !nals.some((n) => format.isPicture(n))) return undefined;
    const moment = timeline.takes(raw.timestamp, raw.firstAt);
    if (raw.afterLoss) this.#needsKey = true;
    if (nals.length === 0 || !this.#track || (this.#needsKey && !key)) {
      this.#needsKey = true;
      counters.skipped++;
      return moment;
    }
    if (key) this.#skipsLeading = this.#needsKey;
    else if (this.#skipsLeading && format.isSkippedAfter(nals)) {
      counters.skipped++;
      return moment;
    }
    this.#needsKey = false;
    counters.pictures++;
    const picture: AccessUnit = {
      nals,
      framed: raw.framed,
      key,
      ...moment,
      arrivedAt: now,
      bytes: nals.reduce((sum, n) => sum + n.length, 0),
      track: this.#track,
    };
    this.#o.listener.onPicture(picture);
    return moment;
  }

  #takeParameterSet(nal: Buffer): void {
    const { format, counters } = this.#o;
    const kind = nal.length > format.headerBytes ? format.parameterSet(nal) : undefined;
    if (kind === undefined) return;
    if (nal.length > MAX_SET_BYTES) {
      counters.broken++;
      return;
    }
    // Copies: the originals are views into whole socket buffers.
    if (kind === 'vps') this.#vps = this.#vps?.equals(nal) ? this.#vps : Buffer.from(nal);
    else if (kind === 'sps') {
      if (this.#sps?.equals(nal)) return;
      this.#sps = Buffer.from(nal);
      this.#pps.clear();
    } else {
      const id = format.ppsId(nal);
      if (id === undefined) counters.broken++;
      else if (!this.#pps.get(id)?.equals(nal)) this.#pps.set(id, Buffer.from(nal));
    }
  }

  /** New sets count from the next key frame (H.264, 7.4.1.2.1; H.265, 7.4.2.4.2: a set that differs only comes before one). */
  #announce(): void {
    const { format, counters } = this.#o;
    const sps = this.#sps;
    const vps = this.#vps ? [this.#vps] : [];
    const pps = [...this.#pps.values()];
    if (!sps || pps.length === 0 || (format.codec === 'h265' && vps.length === 0)) return;
    if (this.#track && !this.#restarted && sameSets([...vps, sps, ...pps], this.#track)) return;
    try {
      format.checkSps(sps);
    } catch {
      counters.broken++;
      return;
    }
    this.#restarted = false;
    this.#track = { codec: format.codec, vps, sps, pps, run: this.#o.nextRun() };
    this.#o.listener.onTrack(this.#track);
  }
}

function sameSets(sets: readonly Buffer[], track: VideoTrack): boolean {
  const before = [...track.vps, track.sps, ...track.pps];
  return sets.length === before.length && sets.every((s, i) => s.equals(before[i]!));
}
