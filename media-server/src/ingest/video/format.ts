/** What differs between H.264 and H.265 on the way from packets to pictures. NAL units are without start codes. */

/** One fragment of a NAL unit in a payload. */
export interface Fragment {
  start: boolean;
  end: boolean;
  /** Where its bytes begin in the payload. */
  at: number;
}

export type ParameterSet = 'vps' | 'sps' | 'pps';

export interface VideoFormat {
  codec: 'h264' | 'h265';
  /** Bytes of a NAL unit's header, and of an aggregate's. */
  headerBytes: 1 | 2;
  /** How a payload is packed; undefined: not as the RFC allows. */
  packing(payload: Buffer): 'single' | 'aggregate' | 'fragment' | undefined;
  /** Undefined where the bytes are none. */
  fragment(payload: Buffer): Fragment | undefined;
  /** The header of the whole unit that it is a fragment of. */
  fragmentHeader(payload: Buffer): Buffer;
  /** Whether it carries part of a picture. */
  isPicture(nal: Buffer): boolean;
  /** Whether it is the first slice of a picture. */
  isFirstSlice(nal: Buffer): boolean;
  /** Whether nothing of an earlier picture can come after it: a delimiter, or sets that only stand before a picture. */
  isHead(nal: Buffer): boolean;
  /** Whether decoding can begin with a picture of these. */
  isKey(nals: readonly Buffer[]): boolean;
  /** Whether the picture needs one from before the key frame that decoding began with. */
  isSkippedAfter(nals: readonly Buffer[]): boolean;
  /** Which parameter set it is. */
  parameterSet(nal: Buffer): ParameterSet | undefined;
  /** Whether it belongs into a picture's access unit as we hand it on. */
  isKept(nal: Buffer): boolean;
  /** Number of a picture parameter set; undefined where it is broken. */
  ppsId(nal: Buffer): number | undefined;
  /** Throws RangeError where a sequence parameter set is broken. */
  checkSps(nal: Buffer): void;
}
