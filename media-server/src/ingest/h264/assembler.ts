/** Raw pictures → access units: keeps the parameter sets, dates the pictures, and lets nothing undecodable through. */
import type { AccessUnit, SourceCounters, SourceListener, VideoTrack } from '../access-unit.ts';
import type { PictureClock } from '../rtp/picture-clock.ts';
import { Unwrapper } from '../rtp/rtp.ts';
import { BitReader } from './bits.ts';
import { isKey, type RawPicture } from './depacketiser.ts';
import { NAL, nalType } from './nal.ts';
import { parseSps } from './sps.ts';

const DROPPED: ReadonlySet<number> = new Set([NAL.SPS, NAL.PPS, NAL.AUD, NAL.FILLER, NAL.END_OF_SEQUENCE, 11]);

/** With every scaling list there is, a set has half of this; a packet takes it whole. */
const MAX_SET_BYTES = 1024;

export interface AssemblerOptions {
  counters: SourceCounters;
  listener: Pick<SourceListener, 'onTrack' | 'onPicture'>;
  pictureClock: PictureClock;
  /** Of the RTP timestamps, Hz. */
  clockRate: number;
  /** From the session description; in-band ones replace them. */
  parameterSets: readonly Buffer[];
  nextRun: () => number;
}

export class Assembler {
  readonly #o: AssemblerOptions;
  #unwrapper = new Unwrapper();
  #sps: Buffer | undefined;
  /** By pic_parameter_set_id: an encoder may use several. */
  readonly #pps = new Map<number, Buffer>();
  #track: VideoTrack | undefined;
  #needsKey = true;
  #restarted = false;

  constructor(options: AssemblerOptions) {
    this.#o = options;
    for (const nal of options.parameterSets) this.#takeParameterSet(nal);
    this.#announce();
  }

  /** The sender began anew: times do not go on from before. */
  restart(): void {
    this.#unwrapper = new Unwrapper();
    this.#needsKey = true;
    this.#restarted = true;
    this.#o.pictureClock.restart();
  }

  /** A picture without NAL units is one that came in broken. */
  push(raw: RawPicture, now: number): void {
    const { counters } = this.#o;
    const ticks = this.#unwrapper.unwrap(raw.timestamp);
    for (const nal of raw.nals) this.#takeParameterSet(nal);
    const nals = raw.nals.filter((n) => !DROPPED.has(nalType(n)));
    const key = isKey(nals);
    if (key) this.#announce();
    if (nals.length === 0 || !this.#track || (this.#needsKey && !key)) {
      // Parameter sets sent alone are not a picture that was lost.
      if (raw.nals.length > 0 && nals.length === 0) return;
      this.#needsKey = true;
      counters.skipped++;
      return;
    }
    this.#needsKey = false;
    counters.pictures++;
    const picture: AccessUnit = {
      nals,
      key,
      ticks: (ticks * 90_000) / this.#o.clockRate,
      pictureAt: this.#o.pictureClock.dates(ticks, raw.timestamp, raw.firstAt),
      arrivedAt: now,
      bytes: nals.reduce((sum, n) => sum + n.length, 0),
      track: this.#track,
    };
    this.#o.listener.onPicture(picture);
  }

  #takeParameterSet(nal: Buffer): void {
    const type = nalType(nal);
    if (type !== NAL.SPS && type !== NAL.PPS) return;
    if (nal.length > MAX_SET_BYTES) {
      this.#o.counters.broken++;
      return;
    }
    if (type === NAL.SPS && !this.#sps?.equals(nal)) {
      // Copies: the originals are views into whole socket buffers.
      this.#sps = Buffer.from(nal);
      this.#pps.clear();
    }
    if (type === NAL.PPS) {
      const id = ppsId(nal);
      if (id === undefined) this.#o.counters.broken++;
      else if (!this.#pps.get(id)?.equals(nal)) this.#pps.set(id, Buffer.from(nal));
    }
  }

  /** New sets count from the next key frame (7.4.1.2.1: a set that differs only comes before an IDR picture). */
  #announce(): void {
    const sps = this.#sps;
    const pps = [...this.#pps.values()];
    if (!sps || pps.length === 0 || (this.#track && !this.#restarted && sameSets(this.#track, sps, pps))) return;
    try {
      parseSps(sps);
    } catch {
      this.#o.counters.broken++;
      return;
    }
    this.#restarted = false;
    this.#track = { codec: 'h264', vps: [], sps, pps, run: this.#o.nextRun() };
    this.#o.listener.onTrack(this.#track);
  }
}

function sameSets(track: VideoTrack, sps: Buffer, pps: readonly Buffer[]): boolean {
  return track.sps.equals(sps) && track.pps.length === pps.length && track.pps.every((p, i) => p.equals(pps[i]!));
}

function ppsId(nal: Buffer): number | undefined {
  try {
    const id = new BitReader(nal.subarray(1, 8)).ue();
    return id <= 255 ? id : undefined;
  } catch {
    return undefined;
  }
}
