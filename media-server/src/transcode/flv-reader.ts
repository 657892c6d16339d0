/**
 * Takes H.264 out of an FLV stream (Adobe Flash Video File Format 10.1, annex E): of what ffmpeg writes it is the smallest that has each
 * picture at once, with its length and its time.
 */

export interface FlvListener {
  parameterSets(sps: Buffer, pps: Buffer): void;
  /** NAL units without start codes; `ms` as ffmpeg counts presentation times. */
  picture(nals: Buffer[], key: boolean, ms: number): void;
}

const HEADER = 9;
const TAG_HEADER = 11;
const PREVIOUS_SIZE = 4;
const VIDEO_TAG = 9;
const AVC = 7;
/** No picture of ours is larger. */
const MAX_TAG = 16 * 1024 * 1024 - 1;

export class FlvReader {
  readonly #listener: FlvListener;
  #waiting: Buffer[] = [];
  #size = 0;
  #wanted = HEADER + PREVIOUS_SIZE;
  #headerSeen = false;

  constructor(listener: FlvListener) {
    this.#listener = listener;
  }

  /** Takes the next bytes, however they are cut. Throws RangeError for what is no FLV with H.264. */
  push(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return;
    let bytes = Buffer.concat(this.#waiting);
    for (let used = this.#next(bytes); used > 0; used = this.#next(bytes)) bytes = bytes.subarray(used);
    this.#waiting = [bytes];
    this.#size = bytes.length;
  }

  /** Takes one tag, if it is whole; gives how long it was. */
  #next(bytes: Buffer): number {
    if (!this.#headerSeen) {
      if (bytes.length < this.#wanted) return 0;
      if (bytes.toString('latin1', 0, 3) !== 'FLV') throw new RangeError('not an FLV stream');
      this.#headerSeen = true;
      this.#wanted = TAG_HEADER;
      return HEADER + PREVIOUS_SIZE;
    }
    this.#wanted = TAG_HEADER;
    if (bytes.length < TAG_HEADER) return 0;
    const size = bytes.readUIntBE(1, 3);
    if (size > MAX_TAG) throw new RangeError('a tag that is too long');
    this.#wanted = TAG_HEADER + size + PREVIOUS_SIZE;
    if (bytes.length < this.#wanted) return 0;
    // The upper eight bits come last.
    const ms = bytes.readUIntBE(4, 3) + bytes[7]! * 2 ** 24;
    if ((bytes[0]! & 0x1f) === VIDEO_TAG) this.#video(bytes.subarray(TAG_HEADER, TAG_HEADER + size), ms);
    return this.#wanted;
  }

  /** VIDEODATA with AVCVIDEOPACKET (E.4.3). */
  #video(data: Buffer, dts: number): void {
    if (data.length < 5 || (data[0]! & 0x0f) !== AVC) throw new RangeError('not H.264');
    const body = data.subarray(5);
    if (data[1] === 0) this.#configuration(body);
    else if (data[1] === 1) this.#listener.picture(split(body), data[0]! >> 4 === 1, dts + data.readIntBE(2, 3));
  }

  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
  #configuration(record: Buffer): void {
    const at = 8 + record.readUInt16BE(6);
    const sps = Buffer.from(record.subarray(8, at));
    const pps = Buffer.from(record.subarray(at + 3, at + 3 + record.readUInt16BE(at + 1)));
    this.#listener.parameterSets(sps, pps);
  }
}

/** NAL units, each after its length in four bytes; copies, for the chunk is let go. */
function split(body: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const size = body.readUInt32BE(at);
    if (size > 0) nals.push(Buffer.from(body.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return nals;
}
