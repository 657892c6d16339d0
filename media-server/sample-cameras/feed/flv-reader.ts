/**
 * Takes H.264 out of an FLV stream. FLV, because ffmpeg writes each encoded picture at once and with its length: in an Annex B
 * stream a picture's end is known only when the next one begins. (Adobe Flash Video File Format 10.1, annex E.)
 */

export interface FlvListener {
  /** The decoder configuration, first of all. */
  parameterSets(sps: Uint8Array, pps: Uint8Array): void;
  /** One picture: its NAL units without start codes. */
  picture(nals: Uint8Array[], key: boolean): void;
}

const HEADER = 9;
const TAG_HEADER = 11;
const PREVIOUS_SIZE = 4;
const VIDEO_TAG = 9;
const AVC = 7;

export class FlvReader {
  #rest: Uint8Array = new Uint8Array(0);
  #headerSeen = false;
  readonly #listener: FlvListener;

  constructor(listener: FlvListener) {
    this.#listener = listener;
  }

  /** Takes the next bytes, however they are cut. Throws if this is no FLV stream with H.264. */
  push(bytes: Uint8Array): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    if (!this.#headerSeen) {
      if (all.length < HEADER + PREVIOUS_SIZE) {
        this.#rest = all;
        return;
      }
      if (all[0] !== 0x46 || all[1] !== 0x4c || all[2] !== 0x56) throw new Error('not an FLV stream');
      this.#headerSeen = true;
      at = HEADER + PREVIOUS_SIZE;
    }
    while (all.length - at >= TAG_HEADER) {
      const size = (all[at + 1]! << 16) | (all[at + 2]! << 8) | all[at + 3]!;
      const end = at + TAG_HEADER + size + PREVIOUS_SIZE;
      if (all.length < end) break;
      if ((all[at]! & 0x1f) === VIDEO_TAG) this.#video(all.subarray(at + TAG_HEADER, at + TAG_HEADER + size));
      at = end;
    }
    this.#rest = all.subarray(at);
  }

  /** VIDEODATA with AVCVIDEOPACKET (E.4.3). */
  #video(data: Uint8Array): void {
    if (data.length < 5 || (data[0]! & 0x0f) !== AVC) throw new Error('not H.264');
    const key = data[0]! >> 4 === 1;
    const body = data.subarray(5);
    if (data[1] === 0) this.#configuration(body);
    else if (data[1] === 1) this.#listener.picture(split(body), key);
  }

  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
  #configuration(record: Uint8Array): void {
    const spsLength = (record[6]! << 8) | record[7]!;
    const sps = record.slice(8, 8 + spsLength);
    const at = 8 + spsLength + 1;
    const ppsLength = (record[at]! << 8) | record[at + 1]!;
    this.#listener.parameterSets(sps, record.slice(at + 2, at + 2 + ppsLength));
  }
}

/** NAL units, each after its length in four bytes. */
function split(body: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  for (let at = 0; at + 4 <= body.length; ) {
    const length = view.getUint32(at);
    const nal = body.slice(at + 4, at + 4 + length);
    if (nal.length > 0) nals.push(nal);
    at += 4 + length;
  }
  return nals;
}
