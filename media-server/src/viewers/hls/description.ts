/** What a multivariant playlist says of a stream (RFC 8216bis, 4.4.6.2), measured on what it has sent. */
import { AAC_CODEC, describeVideo } from './codecs.ts';
import type { Segment } from './segment-list.ts';
import type { Segmenter } from './segmenter.ts';

export interface StreamDescription {
  /** RFC 6381, pictures first. */
  codecs: string;
  width: number;
  height: number;
  /** Peak segment bit rate, bit/s. */
  bandwidth: number;
  averageBandwidth: number;
  frameRate: number;
}

/** Undefined before the first segment. */
export function describeStream({ track, sound, segments }: Segmenter, targetS: number): StreamDescription | undefined {
  if (!track) return undefined;
  const { width, height, codec } = describeVideo(track);
  const parts = segments.flatMap((s) => s.parts);
  const seconds = parts.reduce((sum, p) => sum + p.durationS, 0);
  if (seconds === 0) return undefined;
  const averageBandwidth = Math.ceil((parts.reduce((sum, p) => sum + p.size, 0) * 8) / seconds);
  return {
    codecs: sound ? `${codec},${AAC_CODEC}` : codec,
    width,
    height,
    averageBandwidth,
    bandwidth: Math.max(averageBandwidth, peak(segments, targetS)),
    frameRate: parts.reduce((sum, p) => sum + p.pictures, 0) / seconds,
  };
}

/** The largest bit rate of consecutive segments that last between half and one and a half target durations together (RFC 8216bis, 4.1). */
function peak(segments: readonly Segment[], targetS: number): number {
  let most = 0;
  for (const from of segments.keys()) {
    let seconds = 0;
    let bytes = 0;
    for (const s of segments.slice(from)) {
      seconds += s.durationS;
      bytes += s.parts.reduce((sum, p) => sum + p.size, 0);
      if (seconds > 1.5 * targetS) break;
      if (seconds >= 0.5 * targetS) most = Math.max(most, (bytes * 8) / seconds);
    }
  }
  return Math.ceil(most);
}
