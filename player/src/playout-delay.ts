/** Pictures that are shown when they are decoded, in place of some 20 ms later at an even pace. */
import { PLAYOUT_DELAY } from '@shouwang/protocol';

/**
 * An offer of one medium, SDP, in which the extension has the number by which the relay knows it (RFC 8285, 5); what had that number takes the
 * browser's own. As it was where the browser does not offer the extension, or in one direction only.
 */
export function withPlayoutDelay(sdp: string): string {
  const { id, uri } = PLAYOUT_DELAY;
  const own = new RegExp(`^a=extmap:(\\d+) ${uri}\\r?$`, 'm').exec(sdp)?.[1];
  if (own === undefined) return sdp;
  const swapped: Record<string, string> = { [own]: String(id), [id]: own };
  return sdp.replace(/^(a=extmap:)(\d+)/gm, (_line, head: string, number: string) => head + (swapped[number] ?? number));
}
