/** What a playlist says of a track: codec strings (RFC 6381) and the size of the picture. */
import type { VideoTrack } from '../../ingest/access-unit.ts';
import { parseSps, profileLevelId } from '../../ingest/h264/sps.ts';
import { codecString265, parseSps265 } from '../../ingest/h265/sps.ts';

export interface VideoDescription {
  width: number;
  height: number;
  codec: string;
}

/** AAC-LC. */
export const AAC_CODEC = 'mp4a.40.2';

/** Throws RangeError where the SPS is broken. */
export function describeVideo(track: VideoTrack): VideoDescription {
  if (track.codec === 'h265') {
    const { width, height } = parseSps265(track.sps);
    return { width, height, codec: codecString265(track.sps) };
  }
  const { width, height } = parseSps(track.sps);
  return { width, height, codec: `avc1.${profileLevelId(track.sps)}` };
}
