/** The multivariant playlist (RFC 8216bis, 4.4.6), held against what its variants really are. */
import { attributes } from './media-playlist.ts';
import type { InitTrack } from './mp4.ts';

export interface ListedVariant {
  uri: string;
  attributes: Record<string, string>;
}

export function readMultivariant(text: string): { variants: ListedVariant[]; problems: string[] } {
  const lines = text.split(/\r?\n/).filter((l) => l !== '');
  const problems = lines[0] === '#EXTM3U' ? [] : ['4.4.1.1: does not begin with #EXTM3U'];
  const variants: ListedVariant[] = [];
  for (const [i, line] of lines.entries()) {
    const [, list] = /^#EXT-X-STREAM-INF:(.*)$/.exec(line) ?? [];
    if (list === undefined) continue;
    const uri = lines[i + 1];
    if (uri === undefined || uri.startsWith('#')) problems.push('4.4.6.2: EXT-X-STREAM-INF without an address after it');
    else variants.push({ uri, attributes: attributes(list) });
  }
  for (const { uri, attributes: a } of variants) {
    const bandwidth = Number(a.BANDWIDTH);
    if (!Number.isInteger(bandwidth) || bandwidth <= 0) problems.push(`4.4.6.2: ${uri} has BANDWIDTH ${a.BANDWIDTH}`);
    if (!(Number(a['AVERAGE-BANDWIDTH']) <= bandwidth)) problems.push(`4.4.6.2: ${uri} has an average above its peak`);
    if (!a.CODECS) problems.push(`4.4.6.2: ${uri} has no CODECS`);
    if (!/^\d+x\d+$/.test(a.RESOLUTION ?? '')) problems.push(`4.4.6.2: ${uri} has RESOLUTION ${a.RESOLUTION}`);
    if (!(Number(a['FRAME-RATE']) > 0)) problems.push(`4.4.6.2: ${uri} has FRAME-RATE ${a['FRAME-RATE']}`);
  }
  if (variants.length === 0) problems.push('4.4.6.2: no variant');
  return { variants, problems };
}

/** Whether a variant is what it is said to be, by its init section. */
export function checkVariant({ uri, attributes: a }: ListedVariant, init: readonly InitTrack[]): string[] {
  const found: string[] = [];
  const video = init.find((t) => t.handler === 'vide');
  const codecs = (a.CODECS ?? '').split(',');
  if (!video) return [`${uri}: no pictures in its init section`];
  if (a.RESOLUTION !== `${video.width}x${video.height}`)
    found.push(`${uri}: RESOLUTION ${a.RESOLUTION}, is ${video.width}x${video.height}`);
  if (!codecs[0]?.startsWith(`${video.entry}.`)) found.push(`${uri}: CODECS ${a.CODECS}, is ${video.entry}`);
  if (video.entry === 'avc1') {
    const digits = video.configuration.subarray(1, 4).toString('hex');
    if (codecs[0]?.toLowerCase() !== `avc1.${digits}`) found.push(`${uri}: CODECS ${a.CODECS}, avcC says ${digits}`);
  }
  const sound = init.some((t) => t.handler === 'soun');
  if (sound !== codecs.some((c) => c.startsWith('mp4a.')))
    found.push(`${uri}: CODECS ${a.CODECS}, ${sound ? 'and there is' : 'but there is no'} sound`);
  return found;
}
