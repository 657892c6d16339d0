/** Reads init sections and fragments (ISO/IEC 14496-12), as far as the checks need it. Knows nothing of the server's own code. */

export interface InitTrack {
  id: number;
  timescale: number;
  /** `vide` or `soun`. */
  handler: string;
  /** Sample entry. */
  entry: string;
  width: number;
  height: number;
  /** Of the decoder configuration in the sample entry, e.g. avcC. */
  configuration: Buffer;
}

export interface FragmentTrack {
  id: number;
  /** tfdt. */
  begins: number;
  /** Of all samples together. */
  duration: number;
  samples: number;
  firstIsSync: boolean;
  /** Index of sync samples. */
  syncs: number[];
  /** Smallest presentation minus decode time. */
  leastOffset: number;
  bytes: number;
}

export interface Fragment {
  sequence: number;
  tracks: FragmentTrack[];
  mdatBytes: number;
}

interface Box {
  type: string;
  at: number;
  end: number;
}

/** Throws RangeError for broken boxes. */
export function readInit(bytes: Buffer): InitTrack[] {
  const moov = only(boxes(bytes, 0, bytes.length), 'moov');
  only(boxes(bytes, moov.at, moov.end), 'mvex');
  return boxes(bytes, moov.at, moov.end)
    .filter((b) => b.type === 'trak')
    .map((trak) => {
      const inside = boxes(bytes, trak.at, trak.end);
      const mdia = only(inside, 'mdia');
      const media = boxes(bytes, mdia.at, mdia.end);
      const minf = only(media, 'minf');
      const stbl = only(boxes(bytes, minf.at, minf.end), 'stbl');
      const stsd = only(boxes(bytes, stbl.at, stbl.end), 'stsd');
      const entry = boxes(bytes, stsd.at + 8, stsd.end)[0]!;
      const tkhd = only(inside, 'tkhd');
      const handler = bytes.toString('latin1', only(media, 'hdlr').at + 8, only(media, 'hdlr').at + 12);
      const configuration = boxes(bytes, entry.at + (handler === 'vide' ? 78 : 28), entry.end)[0]!;
      return {
        id: bytes.readUInt32BE(tkhd.at + 12),
        timescale: bytes.readUInt32BE(only(media, 'mdhd').at + 12),
        handler,
        entry: entry.type,
        width: bytes.readUInt32BE(tkhd.end - 8) / 65536,
        height: bytes.readUInt32BE(tkhd.end - 4) / 65536,
        configuration: bytes.subarray(configuration.at, configuration.end),
      };
    });
}

/** Throws RangeError for broken boxes. */
export function readFragments(bytes: Buffer): Fragment[] {
  const top = boxes(bytes, 0, bytes.length);
  return top
    .filter((b) => b.type === 'moof')
    .map((moof) => {
      const mdat = top[top.indexOf(moof) + 1];
      if (mdat?.type !== 'mdat') throw new RangeError('a moof without its mdat');
      const inside = boxes(bytes, moof.at, moof.end);
      const tracks = inside.filter((b) => b.type === 'traf').map((traf) => readTraf(bytes, traf, moof.at - 8, mdat));
      return { sequence: bytes.readUInt32BE(only(inside, 'mfhd').at + 4), tracks, mdatBytes: mdat.end - mdat.at };
    });
}

function readTraf(bytes: Buffer, traf: Box, moofAt: number, mdat: Box): FragmentTrack {
  const inside = boxes(bytes, traf.at, traf.end);
  const tfhd = only(inside, 'tfhd');
  const flags = bytes.readUInt32BE(tfhd.at) & 0xffffff;
  if (!(flags & 0x020000)) throw new RangeError('CMAF: default-base-is-moof is not set');
  const head = new Fields(bytes, tfhd.at + 8, flags);
  head.optional(0x1);
  head.optional(0x1);
  head.optional(0x2);
  const usual = { duration: head.optional(0x8), size: head.optional(0x10), flags: head.optional(0x20) };
  const tfdt = only(inside, 'tfdt');
  const begins = bytes[tfdt.at] === 1 ? Number(bytes.readBigUInt64BE(tfdt.at + 4)) : bytes.readUInt32BE(tfdt.at + 4);
  const track = { id: bytes.readUInt32BE(tfhd.at + 4), begins, duration: 0, samples: 0, firstIsSync: false, leastOffset: 0, bytes: 0 };
  const syncs: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const trun of inside.filter((b) => b.type === 'trun')) {
    const row = new Fields(bytes, trun.at + 8, bytes.readUInt32BE(trun.at) & 0xffffff);
    const from = moofAt + ((row.optional(0x1) ?? 0) | 0);
    const firstFlags = row.optional(0x4);
    let size = 0;
    for (let i = 0; i < bytes.readUInt32BE(trun.at + 4); i++) {
      track.duration += row.optional(0x100) ?? usual.duration ?? 0;
      size += row.optional(0x200) ?? usual.size ?? 0;
      const own = row.optional(0x400) ?? (i === 0 ? firstFlags : undefined) ?? usual.flags ?? 0;
      least = Math.min(least, (row.optional(0x800) ?? 0) | 0);
      if ((own & 0x00010000) === 0) syncs.push(track.samples);
      track.samples++;
    }
    if (from < mdat.at || from + size > mdat.end) throw new RangeError('samples lie outside their mdat');
    track.bytes += size;
  }
  return { ...track, firstIsSync: syncs[0] === 0, syncs, leastOffset: least };
}

/** Consecutive fields of four bytes, each of which is there if its flag is. */
class Fields {
  readonly #bytes: Buffer;
  readonly #flags: number;
  #at: number;

  constructor(bytes: Buffer, at: number, flags: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#flags = flags;
  }

  optional(flag: number): number | undefined {
    if (!(this.#flags & flag)) return undefined;
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }
}

function boxes(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at < to; ) {
    const size = at + 8 <= to ? bytes.readUInt32BE(at) : 0;
    if (size < 8 || at + size > to) throw new RangeError(`a box that does not fit at ${at}`);
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), at: at + 8, end: at + size });
    at += size;
  }
  return found;
}

function only(list: readonly Box[], type: string): Box {
  const found = list.filter((b) => b.type === type);
  if (found.length !== 1) throw new RangeError(`${found.length} boxes of type ${type}`);
  return found[0]!;
}
