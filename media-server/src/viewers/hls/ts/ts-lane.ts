/**
 * Classic HLS (RFC 8216) in MPEG-TS, for boxes whose own player knows nothing else: the pictures of the finished segments,
 * wrapped anew once they are asked for. Every segment begins with a key frame where the camera sends enough of them.
 */
import type { VideoTrack } from '../../../ingest/access-unit.ts';
import { TIMESCALE } from '../fmp4/init.ts';
import { readFragment } from '../fmp4/read-fragment.ts';
import { inWindow } from '../playlist.ts';
import { type Init, partOf, type Segment, SegmentList, wholeOf } from '../segment-list.ts';
import type { Segmenter } from '../segmenter.ts';
import { TsWriter } from './mpeg-ts.ts';

export interface TsLaneOptions {
  /** EXT-X-TARGETDURATION, s. */
  targetS: number;
  windowS: number;
}

export const tsNames = { playlist: 'ts.m3u8', segment: (sequence: number) => `ts-${sequence}.ts` };

const START_CODE = Buffer.from([0, 0, 0, 1]);
/** Access unit delimiters: any slice types (ITU-T H.264, 7.3.2.4; H.265, 7.3.2.5). */
const DELIMITER: Record<VideoTrack['codec'], Buffer> = {
  h264: Buffer.from([0, 0, 0, 1, 0x09, 0xf0]),
  h265: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50]),
};
const ROUNDING_S = 0.49;

export class TsLane {
  readonly #o: TsLaneOptions;
  readonly #list: SegmentList;
  #writer: { init: number; writer: TsWriter } | undefined;
  /** Sequence of the newest fMP4 segment that is in here. */
  #done = -1;

  constructor(options: TsLaneOptions) {
    this.#o = options;
    this.#list = new SegmentList(options.windowS);
  }

  /** There is a whole segment. */
  get playable(): boolean {
    return this.#list.segments.some((s) => s.complete);
  }

  segment(sequence: number): Buffer | undefined {
    const found = this.#list.get(sequence);
    return found?.complete ? wholeOf(found) : undefined;
  }

  /** Takes in what is finished. Whether one is, shows when its successor is there: that may belong to it. */
  follow(segmenter: Segmenter): void {
    for (const [i, s] of segmenter.segments.entries()) {
      const next = segmenter.segments[i + 1];
      if (s.sequence <= this.#done || !s.complete || !next) continue;
      const init = segmenter.init(s.init);
      if (init) this.#take(s, init);
      this.#done = s.sequence;
      if (next.independent) this.#end();
    }
  }

  render(): string {
    const whole = this.#list.segments.filter((s) => s.complete);
    const listed = inWindow(whole, this.#o.windowS);
    const before = whole.slice(0, whole.length - listed.length).filter((s) => s.discontinuity).length;
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${this.#o.targetS}`,
      `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? 0}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${this.#list.discontinuitySequence + before}`,
    ];
    for (const s of listed) {
      if (s.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(s.pictureAt).toISOString()}`);
      lines.push(`#EXTINF:${s.durationS.toFixed(5)},`, tsNames.segment(s.sequence));
    }
    return `${lines.join('\n')}\n`;
  }

  #take(segment: Segment, init: Init): void {
    const open = this.#list.open;
    const fits = open && open.durationS + segment.durationS <= this.#o.targetS + ROUNDING_S;
    if (segment.independent || !fits) {
      this.#end();
      this.#begin(segment, init);
    }
    const target = this.#list.open!;
    for (const part of segment.parts) {
      target.parts.push(partOf([Buffer.concat(this.#wrap(part.bytes, init))], part));
    }
    target.durationS += segment.durationS;
  }

  #begin(segment: Segment, { track, sound }: Init): void {
    const { init, discontinuity, pictureAt, independent } = segment;
    if (this.#writer?.init !== init) this.#writer = { init, writer: new TsWriter(track.codec, sound) };
    this.#list.add({ init, discontinuity, pictureAt, independent, parts: [], durationS: 0, complete: false });
    const tables = partOf([Buffer.concat(this.#writer.writer.tables())], { durationS: 0, independent: false, pictures: 0 });
    this.#list.open!.parts.push(tables);
  }

  #end(): void {
    const open = this.#list.open;
    if (!open) return;
    open.complete = true;
    this.#list.trim();
  }

  #wrap(fragment: Buffer, { track, sound }: Init): Buffer[] {
    const { writer } = this.#writer!;
    const read = readFragment(fragment);
    const out = read.pictures.flatMap(({ data, key, dts, offset }) =>
      writer.picture({ data: byteStream(data, key, track), key, dts, pts: dts + offset }),
    );
    if (read.sound && sound) out.push(...writer.sound(read.sound.frames, (read.sound.dts * TIMESCALE) / sound.sampleRate));
    return out;
  }
}

function byteStream(data: Buffer, key: boolean, { codec, vps, sps, pps }: VideoTrack): Buffer[] {
  const out: Buffer[] = [DELIMITER[codec]];
  if (key) for (const set of [...vps, sps, ...pps]) out.push(START_CODE, set);
  for (let at = 0; at + 4 <= data.length; ) {
    const size = data.readUInt32BE(at);
    out.push(START_CODE, data.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return out;
}
