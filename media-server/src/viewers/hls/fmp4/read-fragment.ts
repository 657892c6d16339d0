/** Takes our own fragments apart again, for what carries the same pictures in another container. */
import { AUDIO_TRACK_ID } from './init.ts';

export interface ReadPicture {
  /** With a length of four bytes before each NAL unit. */
  data: Buffer;
  key: boolean;
  dts: number;
  offset: number;
}

export interface ReadFragment {
  pictures: ReadPicture[];
  sound: { frames: Buffer[]; dts: number } | undefined;
}

const NOT_SYNC = 0x00010000;

/** Throws RangeError for what `fragment` did not make. */
export function readFragment(bytes: Buffer): ReadFragment {
  const moof = children(bytes, 0, bytes.length).get('moof')?.[0];
  if (!moof) throw new RangeError('no moof');
  const out: ReadFragment = { pictures: [], sound: undefined };
  for (const [from, to] of children(bytes, ...moof).get('traf') ?? []) {
    const boxes = children(bytes, from, to);
    const at = (type: string) => boxes.get(type)?.[0]?.[0] ?? fail(type);
    const dts = Number(bytes.readBigUInt64BE(at('tfdt') + 4));
    if (bytes.readUInt32BE(at('tfhd') + 4) === AUDIO_TRACK_ID) out.sound = { frames: frames(bytes, at('trun')), dts };
    else out.pictures = pictures(bytes, at('trun'), dts);
  }
  return out;
}

function pictures(bytes: Buffer, trun: number, firstDts: number): ReadPicture[] {
  let data = bytes.readInt32BE(trun + 8);
  let dts = firstDts;
  return Array.from({ length: bytes.readUInt32BE(trun + 4) }, (_, i) => {
    const row = trun + 12 + i * 16;
    const size = bytes.readUInt32BE(row + 4);
    const picture = {
      data: bytes.subarray(data, data + size),
      key: (bytes.readUInt32BE(row + 8) & NOT_SYNC) === 0,
      dts,
      offset: bytes.readInt32BE(row + 12),
    };
    data += size;
    dts += bytes.readUInt32BE(row);
    return picture;
  });
}

function frames(bytes: Buffer, trun: number): Buffer[] {
  let data = bytes.readInt32BE(trun + 8);
  return Array.from({ length: bytes.readUInt32BE(trun + 4) }, (_, i) => {
    const size = bytes.readUInt32BE(trun + 12 + i * 4);
    data += size;
    return bytes.subarray(data - size, data);
  });
}

/** Boxes by type: where the content of each begins and ends. */
function children(bytes: Buffer, from: number, to: number): Map<string, [number, number][]> {
  const found = new Map<string, [number, number][]>();
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > to) throw new RangeError('a box that does not fit');
    const type = bytes.toString('latin1', at + 4, at + 8);
    found.set(type, [...(found.get(type) ?? []), [at + 8, at + size]]);
    at += size;
  }
  return found;
}

function fail(type: string): never {
  throw new RangeError(`no ${type}`);
}
