/** The multivariant playlist (RFC 8216bis, 4.4.6): the same pictures in several sizes and codings, best first. */
import type { StreamDescription } from './description.ts';

export interface Variant {
  uri: string;
  description: StreamDescription;
}

/** `version`: EXT-X-VERSION, of the media playlists that it leads to. */
export function renderMultivariant(variants: readonly Variant[], version: 3 | 9 = 9): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${version}`];
  for (const { uri, description: d } of variants) {
    const attributes = [
      `BANDWIDTH=${d.bandwidth}`,
      `AVERAGE-BANDWIDTH=${d.averageBandwidth}`,
      `CODECS="${d.codecs}"`,
      `RESOLUTION=${d.width}x${d.height}`,
      `FRAME-RATE=${d.frameRate.toFixed(3)}`,
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri);
  }
  return `${lines.join('\n')}\n`;
}
