/** `application/trickle-ice-sdpfrag` (RFC 8840, 9): what a viewer says about its ICE after the offer, and what it is answered. */
import { CodedError } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import { candidateLine } from './answer.ts';

export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

export interface IceFragment {
  ufrag: string;
  pwd: string;
  /** Of the media sections that it names. */
  mids: string[];
}

const MAX_LINES = 200;
/** RFC 8839, 5.4: `ice-char` is letters, digits, + and /. Some implementations use a few more. */
const UFRAG = /^[A-Za-z0-9+/_=-]{4,256}$/;
const PWD = /^[A-Za-z0-9+/_=-]{22,256}$/;

/** Throws BAD_PAYLOAD for what is no fragment. Candidates are only counted on: an ice-lite agent learns the viewer's address from its checks. */
export function readFragment(text: string): IceFragment {
  const lines = text.split(/\r\n|\n/).filter((l) => l !== '');
  if (lines.length === 0 || lines.length > MAX_LINES) throw bad('not a fragment of SDP');
  let ufrag: string | undefined;
  let pwd: string | undefined;
  const mids: string[] = [];
  for (const line of lines) {
    // Of the lines of SDP a fragment has a= and m= only; c= may stand in its media sections.
    if (!/^[amc]=/.test(line)) throw bad('not a fragment of SDP');
    const [, name, value = ''] = /^a=([A-Za-z-]+)(?::(.*))?$/.exec(line) ?? [];
    if (name === 'ice-ufrag') ufrag = agree(ufrag, value);
    else if (name === 'ice-pwd') pwd = agree(pwd, value);
    else if (name === 'mid') mids.push(value);
  }
  // RFC 8840, 4.4: both are there, so that candidates of an earlier ICE session are recognised.
  if (ufrag === undefined || !UFRAG.test(ufrag)) throw bad('no usable ice-ufrag');
  if (pwd === undefined || !PWD.test(pwd)) throw bad('no usable ice-pwd');
  return { ufrag, pwd, mids };
}

/** The answer to an ICE restart: the relay's new credentials and its candidates. */
export function writeFragment(input: {
  media: { kind: string; protocol: string; format: string; mid: string | undefined };
  ice: types.IceParameters;
  candidates: readonly types.IceCandidate[];
}): string {
  const { media, ice, candidates } = input;
  const lines = ['a=ice-lite'];
  if (media.mid !== undefined) lines.push(`a=group:BUNDLE ${media.mid}`);
  lines.push(`m=${media.kind} 9 ${media.protocol} ${media.format}`);
  if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
  lines.push(`a=ice-ufrag:${ice.usernameFragment}`, `a=ice-pwd:${ice.password}`, ...candidates.map(candidateLine), 'a=end-of-candidates');
  return `${lines.join('\r\n')}\r\n`;
}

/** One bundle, one ICE session: every section says the same. */
function agree(known: string | undefined, value: string): string {
  if (known !== undefined && known !== value) throw bad('different ICE credentials in one bundle');
  return value;
}

function bad(detail: string): CodedError {
  return new CodedError('BAD_PAYLOAD', detail);
}
