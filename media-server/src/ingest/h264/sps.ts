/** The sequence parameter set (ITU-T H.264, 7.3.2.1.1 and E.1.1), as far as packaging needs it. */
import { BitReader } from './bits.ts';
import { withoutEmulation } from './nal.ts';

export interface SpsInfo {
  profile: number;
  /** constraint_set flags, as the byte between profile and level. */
  constraints: number;
  level: number;
  /** Pixels after cropping. */
  width: number;
  height: number;
  /** How many pictures may come earlier in decoding than in showing; undefined where the camera does not say. */
  reorderFrames: number | undefined;
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Throws RangeError where the set is broken. */
export function parseSps(nal: Buffer): SpsInfo {
  const r = new BitReader(withoutEmulation(nal.subarray(1), 512));
  const profile = r.bits(8);
  const constraints = r.bits(8);
  const level = r.bits(8);
  r.ue(); // seq_parameter_set_id
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = r.ue();
    if (chroma === 3) r.bit();
    r.ue();
    r.ue();
    r.bit();
    const lists = r.bit() ? (chroma === 3 ? 12 : 8) : 0;
    for (let i = 0; i < lists; i++) if (r.bit()) skipScalingList(r, i < 6 ? 16 : 64);
  }
  r.ue(); // log2_max_frame_num_minus4
  const pocType = r.ue();
  if (pocType === 0) r.ue();
  else if (pocType === 1) {
    r.bit();
    r.se();
    r.se();
    for (let n = checkedCount(r.ue()); n > 0; n--) r.se();
  }
  r.ue(); // max_num_ref_frames
  r.bit();
  const mbWidth = r.ue() + 1;
  const mapHeight = r.ue() + 1;
  const frameMbsOnly = r.bit();
  if (!frameMbsOnly) r.bit();
  r.bit();
  const crop = r.bit() ? [r.ue(), r.ue(), r.ue(), r.ue()] : [0, 0, 0, 0];
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * (2 - frameMbsOnly);
  const width = mbWidth * 16 - cropX * (crop[0]! + crop[1]!);
  const height = (2 - frameMbsOnly) * mapHeight * 16 - cropY * (crop[2]! + crop[3]!);
  if (width < 1 || height < 1 || width > 16384 || height > 16384) throw new RangeError('impossible picture size');
  // Baseline has no B slices (A.2.1), and with type 2 output order is decoding order (8.2.1.3).
  const inOrder = profile === 66 || pocType === 2;
  return { profile, constraints, level, width, height, reorderFrames: inOrder ? 0 : reorderFromVui(r) };
}

/** `avc1.PPCCLL` (RFC 6381, 3.3) and the `profile-level-id` of RFC 6184 share these six digits. */
export function profileLevelId(sps: Buffer): string {
  return sps.subarray(1, 4).toString('hex');
}

function reorderFromVui(r: BitReader): number | undefined {
  try {
    if (!r.bit()) return undefined;
    if (r.bit() && r.bits(8) === 255) r.bits(32);
    if (r.bit()) r.bit();
    if (r.bit()) {
      r.bits(4);
      if (r.bit()) r.bits(24);
    }
    if (r.bit()) {
      r.ue();
      r.ue();
    }
    if (r.bit()) r.bits(65);
    const nal = r.bit();
    if (nal) skipHrd(r);
    const vcl = r.bit();
    if (vcl) skipHrd(r);
    if (nal || vcl) r.bit();
    r.bit();
    if (!r.bit()) return undefined;
    r.bit();
    for (let i = 0; i < 4; i++) r.ue();
    const frames = r.ue();
    return frames <= 16 ? frames : undefined;
  } catch {
    // Usability information is only a hint (annex E): cameras do get it wrong.
    return undefined;
  }
}

function skipHrd(r: BitReader): void {
  const count = checkedCount(r.ue() + 1);
  r.bits(8);
  for (let i = 0; i < count; i++) {
    r.ue();
    r.ue();
    r.bit();
  }
  r.bits(20);
}

function skipScalingList(r: BitReader, size: number): void {
  let next = 8;
  for (let i = 0, last = 8; i < size && next !== 0; i++) {
    next = (last + r.se() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function checkedCount(n: number): number {
  if (n > 255) throw new RangeError('impossible count');
  return n;
}
