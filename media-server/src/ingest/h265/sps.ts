/** The sequence parameter set of H.265 (ITU-T H.265, 7.3.2.2 and 7.3.3), as far as packaging needs it. */
import { BitReader } from '../h264/bits.ts';
import { withoutEmulation } from '../h264/nal.ts';

export interface SpsInfo265 {
  profileSpace: number;
  /** general_tier_flag: 0 Main, 1 High. */
  tier: number;
  profile: number;
  /** general_profile_compatibility_flags, 32 bits, the flag of profile 0 highest. */
  compatibility: number;
  /** The six bytes of constraint flags after them. */
  constraints: Buffer;
  /** general_level_idc: 30 times the level. */
  level: number;
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  chromaFormat: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  subLayers: number;
  temporalIdNested: boolean;
  /** Pixels after the conformance window. */
  width: number;
  height: number;
  /** How many pictures may come earlier in decoding than in showing. */
  reorderFrames: number;
}

/** Throws RangeError where the set is broken. */
export function parseSps265(nal: Buffer): SpsInfo265 {
  const r = new BitReader(withoutEmulation(nal.subarray(2), 512));
  r.bits(4); // sps_video_parameter_set_id
  const subLayers = r.bits(3) + 1;
  if (subLayers > 7) throw new RangeError('too many sub-layers');
  const temporalIdNested = r.bit() === 1;
  const tierLevel = profileTierLevel(r, subLayers);
  if (r.ue() > 15) throw new RangeError('impossible number of a sequence parameter set');
  const chromaFormat = r.ue();
  if (chromaFormat > 3) throw new RangeError('impossible chroma format');
  const separatePlanes = chromaFormat === 3 && r.bit() === 1;
  const codedWidth = r.ue();
  const codedHeight = r.ue();
  const crop = r.bit() ? [r.ue(), r.ue(), r.ue(), r.ue()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const cropX = !separatePlanes && (chromaFormat === 1 || chromaFormat === 2) ? 2 : 1;
  const cropY = !separatePlanes && chromaFormat === 1 ? 2 : 1;
  const width = codedWidth - cropX * (left + right);
  const height = codedHeight - cropY * (top + bottom);
  if (width < 1 || height < 1 || width > 16384 || height > 16384) throw new RangeError('impossible picture size');
  const bitDepthLuma = r.ue() + 8;
  const bitDepthChroma = r.ue() + 8;
  if (bitDepthLuma > 16 || bitDepthChroma > 16) throw new RangeError('impossible bit depth');
  r.ue(); // log2_max_pic_order_cnt_lsb_minus4
  let reorderFrames = 0;
  // Said for each sub-layer, or for the highest only; the last one said is the highest (7.4.3.2.1).
  for (let i = r.bit() ? 0 : subLayers - 1; i < subLayers; i++) {
    r.ue();
    reorderFrames = r.ue();
    r.ue();
  }
  if (reorderFrames > 16) throw new RangeError('impossible reordering');
  return { ...tierLevel, chromaFormat, bitDepthLuma, bitDepthChroma, subLayers, temporalIdNested, width, height, reorderFrames };
}

/** `hvc1.1.6.L93.B0` (ISO/IEC 14496-15, E.3). `entry`: `hvc1` where parameter sets are in the sample entry only. */
export function codecString265(sps: Buffer, entry: 'hvc1' | 'hev1' = 'hvc1'): string {
  const { profileSpace, profile, compatibility, tier, level, constraints } = parseSps265(sps);
  const space = ['', 'A', 'B', 'C'][profileSpace];
  let reversed = 0;
  for (let i = 0; i < 32; i++) reversed = (reversed << 1) | ((compatibility >>> i) & 1);
  const flags = [...constraints];
  while (flags.at(-1) === 0) flags.pop();
  const hex = (n: number) => (n >>> 0).toString(16).toUpperCase();
  return [entry, `${space}${profile}`, hex(reversed), `${tier ? 'H' : 'L'}${level}`, ...flags.map(hex)].join('.');
}

type ProfileTierLevel = Pick<SpsInfo265, 'profileSpace' | 'tier' | 'profile' | 'compatibility' | 'constraints' | 'level'>;

function profileTierLevel(r: BitReader, subLayers: number): ProfileTierLevel {
  const profileSpace = r.bits(2);
  const tier = r.bit();
  const profile = r.bits(5);
  const compatibility = r.bits(32);
  const constraints = Buffer.from(Array.from({ length: 6 }, () => r.bits(8)));
  const level = r.bits(8);
  const present = Array.from({ length: subLayers - 1 }, () => ({ profile: r.bit() === 1, level: r.bit() === 1 }));
  // reserved_zero_2bits up to eight of them.
  if (subLayers > 1) for (let i = subLayers - 1; i < 8; i++) r.bits(2);
  for (const sub of present) {
    if (sub.profile) r.bits(88);
    if (sub.level) r.bits(8);
  }
  return { profileSpace, tier, profile, compatibility, constraints, level };
}
