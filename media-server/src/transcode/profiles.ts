/** What pictures are made into for viewers that cannot decode what the camera sends. */
import type { VideoTrack } from '../ingest/access-unit.ts';
import { describeVideo } from '../viewers/hls/codecs.ts';

export interface TranscodeProfile {
  /** Tells transcodes of one camera apart. */
  name: string;
  /** Pixels; smaller pictures stay as they are. */
  maxHeight: number;
  /** Pictures a second; undefined: as the camera sends them. */
  frameRate?: number;
  kbit: number;
  /** H.264 level, e.g. `3.1`. */
  level: string;
  /** Of one core, until it was measured, from 1080p or less. */
  estimatedCorePercent: number;
  /** More ffmpeg filters, before the scaling. */
  filters?: readonly string[];
}

interface Pictured {
  codecs: string;
  width: number;
  height: number;
  frameRate: number;
}

/** Constrained Baseline: every browser and box decodes it, and nothing is reordered. */
const H264_PROFILE = '42c0';

export type ProfileName = '720p' | '360p';

export const PROFILES: Record<ProfileName, TranscodeProfile> = {
  '720p': { name: '720p', maxHeight: 720, kbit: 1500, level: '3.1', estimatedCorePercent: 30 },
  '360p': { name: '360p', maxHeight: 360, frameRate: 12.5, kbit: 400, level: '3.0', estimatedCorePercent: 23 },
};

const PIXELS_1080P = 1920 * 1080;
/** Of one core, for decoding 1080p of H.265. */
const DECODING_PERCENT = 17;

/** What a transcode is expected to need, in percent of one core. `of`: undefined while the camera has not said what it sends. */
export function expectedCorePercent({ estimatedCorePercent }: TranscodeProfile, of: VideoTrack | undefined): number {
  if (!of) return estimatedCorePercent;
  const { width, height } = describeVideo(of);
  return estimatedCorePercent + Math.max(0, (width * height) / PIXELS_1080P - 1) * DECODING_PERCENT;
}

/** What a picture like `of` becomes, as a playlist says it (RFC 6381, RFC 8216bis 4.4.6.2). */
export function described(profile: TranscodeProfile, of: Pictured) {
  const height = Math.min(profile.maxHeight, of.height);
  const width = 2 * Math.round((of.width * height) / of.height / 2);
  const level = Math.round(Number(profile.level) * 10).toString(16);
  const sound = /,.*/.exec(of.codecs)?.[0] ?? '';
  const frameRate = Math.min(profile.frameRate ?? of.frameRate, of.frameRate);
  const averageBandwidth = profile.kbit * 1000;
  return { codecs: `avc1.${H264_PROFILE}${level}${sound}`, width, height, frameRate, averageBandwidth, bandwidth: averageBandwidth * 1.5 };
}
