/** H.264 in RTP, RFC 6184: single NAL units (5.6), STAP-A (5.7.1), FU-A (5.8). */
import type { VideoFormat } from '../video/format.ts';
import { BitReader } from './bits.ts';
import { isPicture, NAL, nalType } from './nal.ts';
import { parseSps } from './sps.ts';

const END_OF_STREAM = 11;
const STAP_A = 24;
const FU_A = 28;
const DROPPED: ReadonlySet<number> = new Set([NAL.SPS, NAL.PPS, NAL.AUD, NAL.FILLER, NAL.END_OF_SEQUENCE, END_OF_STREAM]);

export const h264Format: VideoFormat = {
  codec: 'h264',
  headerBytes: 1,

  packing(payload) {
    const type = nalType(payload);
    if (type >= 1 && type <= 23) return 'single';
    return type === STAP_A ? 'aggregate' : type === FU_A ? 'fragment' : undefined;
  },

  fragment(payload) {
    if (payload.length < 3) return undefined;
    const header = payload[1]!;
    return {
      start: (header & 0x80) !== 0,
      end: (header & 0x40) !== 0,
      at: 2,
    };
  },

  fragmentHeader: (payload) => Buffer.from([(payload[0]! & 0xe0) | (payload[1]! & 0x1f)]),

  isPicture,

  // first_mb_in_slice is 0, which ue(v) writes as the single bit 1 (7.3.3).
  isFirstSlice: (nal) => isSlice(nal) && ((nal[1] ?? 0) & 0x80) !== 0,

  isHead: (nal) => nalType(nal) === NAL.AUD || nalType(nal) === NAL.SPS,

  isKey: (nals) => nals.some((n) => nalType(n) === NAL.IDR),

  isSkippedAfter: () => false,

  parameterSet(nal) {
    const type = nalType(nal);
    return type === NAL.SPS ? 'sps' : type === NAL.PPS ? 'pps' : undefined;
  },

  isKept: (nal) => !DROPPED.has(nalType(nal)),

  ppsId(nal) {
    try {
      const id = new BitReader(nal.subarray(1, 8)).ue();
      return id <= 255 ? id : undefined;
    } catch {
      return undefined;
    }
  },

  checkSps: (nal) => void parseSps(nal),
};

function isSlice(nal: Buffer): boolean {
  const type = nalType(nal);
  return type === NAL.SLICE || type === NAL.IDR;
}
