/** H.265 in RTP, RFC 7798: single NAL units (4.4.1), aggregation packets (4.4.2), fragmentation units (4.4.3), in decoding order. */
import { BitReader } from '../h264/bits.ts';
import type { VideoFormat } from '../video/format.ts';
import { NAL265, nalType265 } from './nal.ts';
import { parseSps265 } from './sps.ts';

const AP = 48;
const FU = 49;
const FIRST_UNSPECIFIED = 48;
const DROPPED: ReadonlySet<number> = new Set([
  NAL265.VPS,
  NAL265.SPS,
  NAL265.PPS,
  NAL265.AUD,
  NAL265.FILLER,
  NAL265.END_OF_SEQUENCE,
  NAL265.END_OF_BITSTREAM,
]);
const SETS: Readonly<Record<number, 'vps' | 'sps' | 'pps'>> = { [NAL265.VPS]: 'vps', [NAL265.SPS]: 'sps', [NAL265.PPS]: 'pps' };

export const h265Format: VideoFormat = {
  codec: 'h265',
  headerBytes: 2,

  packing(payload) {
    const type = nalType265(payload);
    if (type < FIRST_UNSPECIFIED) return 'single';
    return type === AP ? 'aggregate' : type === FU ? 'fragment' : undefined;
  },

  fragment(payload) {
    if (payload.length < 4) return undefined;
    const header = payload[2]!;
    return {
      start: (header & 0x80) !== 0,
      end: (header & 0x40) !== 0,
      at: 3,
    };
  },

  fragmentHeader: (payload) => Buffer.from([(payload[0]! & 0x81) | ((payload[2]! & 0x3f) << 1), payload[1]!]),

  isPicture: isVcl,

  // first_slice_segment_in_pic_flag (7.3.6.1).
  isFirstSlice: (nal) => isVcl(nal) && ((nal[2] ?? 0) & 0x80) !== 0,

  isHead: (nal) => [NAL265.AUD, NAL265.VPS, NAL265.SPS].some((t) => t === nalType265(nal)),

  isKey: (nals) => nals.some(isIrap),

  // Leading pictures that refer to what came before a clean random access (8.1.3: they are not output, and may not be decodable).
  isSkippedAfter: (nals) => nals.some((n) => nalType265(n) === NAL265.RASL_N || nalType265(n) === NAL265.RASL_R),

  parameterSet: (nal) => SETS[nalType265(nal)],

  isKept: (nal) => !DROPPED.has(nalType265(nal)),

  ppsId(nal) {
    try {
      const id = new BitReader(nal.subarray(2, 9)).ue();
      return id <= 63 ? id : undefined;
    } catch {
      return undefined;
    }
  },

  checkSps: (nal) => void parseSps265(nal),
};

function isVcl(nal: Buffer): boolean {
  return nalType265(nal) < NAL265.VPS;
}

function isIrap(nal: Buffer): boolean {
  const type = nalType265(nal);
  return type >= NAL265.BLA_W_LP && type <= NAL265.LAST_IRAP;
}
