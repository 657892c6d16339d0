/** The SDP answer, written from mediasoup's transport and consumer parameters (RFC 8829, 5.3; RFC 8839; RFC 8842). */
import { PLAYOUT_DELAY } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import { type SoundChoice, soundCodec } from './codecs.ts';
import { type H264Choice, type Offer, type OfferedMedia, profileOf } from './offer.ts';

export interface AnswerInput {
  offer: Offer;
  choice: H264Choice;
  /** `profile-level-id` of the camera's own stream. */
  cameraProfile: string;
  /** Names the session; digits. */
  sessionId: string;
  ssrc: number;
  cname: string;
  /** The sound, where the camera has some that the viewer takes. */
  sound?: { index: number; choice: SoundChoice; ssrc: number } | undefined;
  ice: types.IceParameters;
  candidates: readonly types.IceCandidate[];
  dtls: types.DtlsParameters;
}

export function writeAnswer(input: AnswerInput): string {
  const { offer, sessionId, sound } = input;
  const taken = offer.media.filter((_, i) => i === offer.video || i === sound?.index || i === offer.path);
  const mids = taken.flatMap(({ mid }) => (mid === undefined ? [] : [mid]));
  const lines = ['v=0', `o=- ${sessionId} 1 IN IP4 0.0.0.0`, 's=-', 't=0 0', 'a=ice-lite'];
  if (mids.length > 0) lines.push(`a=group:BUNDLE ${mids.join(' ')}`);
  lines.push('a=msid-semantic: WMS shouwang');
  for (const [i, media] of offer.media.entries()) {
    if (i === offer.video) lines.push(...videoSection(input));
    else if (sound && i === sound.index) lines.push(...soundSection(input, sound));
    else if (i === offer.path) lines.push(...pathSection(input, media));
    else {
      // Rejected with port zero (RFC 3264, 6).
      lines.push(`m=${media.kind} 0 ${media.protocol} ${media.format}`, 'c=IN IP4 0.0.0.0', 'a=inactive');
      if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function videoSection(input: AnswerInput): string[] {
  const { offer, choice, cameraProfile } = input;
  const pt = choice.payloadType;
  // The camera's own profile and level where the viewer offered that profile; another profile would not be an answer to the
  // offer (RFC 6184, 8.2.2), so there the offered one stands.
  const profile = profileOf(choice.profileLevelId) === profileOf(cameraProfile) ? cameraProfile : choice.profileLevelId;
  return [
    ...head(offer.media[offer.video]!, pt),
    `a=rtpmap:${pt} H264/90000`,
    `a=fmtp:${pt} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
    `a=rtcp-fb:${pt} nack`,
    `a=rtcp-fb:${pt} nack pli`,
    ...(offer.playoutDelay ? [`a=extmap:${PLAYOUT_DELAY.id} ${PLAYOUT_DELAY.uri}`] : []),
    ...stream('video', input.ssrc, input.cname),
    ...path(input),
  ];
}

function soundSection(input: AnswerInput, { index, choice, ssrc }: NonNullable<AnswerInput['sound']>): string[] {
  const { payloadType } = choice;
  const { mimeType, clockRate, channels } = soundCodec(choice);
  return [
    ...head(input.offer.media[index]!, payloadType),
    `a=rtpmap:${payloadType} ${mimeType.slice('audio/'.length)}/${clockRate}${channels > 1 ? `/${channels}` : ''}`,
    ...stream('audio', ssrc, input.cname),
    ...path(input),
  ];
}

/** Nothing comes in it, but what is bundled with it needs it: it may not be rejected (RFC 9143, 7.3.1). */
function pathSection(input: AnswerInput, media: OfferedMedia): string[] {
  const { format, encoding } = media;
  return [...head(media, format, 'inactive'), ...(encoding ? [`a=rtpmap:${format} ${encoding}`] : []), ...path(input)];
}

function head(media: OfferedMedia, payloadType: number | string, direction = 'sendonly'): string[] {
  const lines = [`m=${media.kind} 9 ${media.protocol} ${payloadType}`, 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0'];
  if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
  return [...lines, `a=${direction}`, 'a=rtcp-mux', 'a=rtcp-mux-only', 'a=rtcp-rsize'];
}

/** One MediaStream with a track of each kind at most (draft-ietf-wish-whep, Single MediaStream). */
function stream(track: 'video' | 'audio', ssrc: number, cname: string): string[] {
  return [`a=msid:shouwang ${track}`, `a=ssrc:${ssrc} cname:${cname}`, `a=ssrc:${ssrc} msid:shouwang ${track}`];
}

/** How to get here; the same in every section of the bundle. */
function path({ ice, candidates, dtls }: AnswerInput): string[] {
  const print = dtls.fingerprints.find((f) => f.algorithm === 'sha-256') ?? dtls.fingerprints[0]!;
  return [
    // The viewer opens DTLS: it knows our address, we do not know its.
    'a=setup:passive',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${print.algorithm} ${print.value}`,
    ...candidates.map(candidateLine),
    'a=end-of-candidates',
  ];
}

/** RFC 8839, 5.1; RFC 6544, 4.5. */
export function candidateLine(c: types.IceCandidate): string {
  const tcp = c.protocol === 'tcp' ? ` tcptype ${c.tcpType ?? 'passive'}` : '';
  return `a=candidate:${c.foundation} 1 ${c.protocol} ${c.priority} ${c.address} ${c.port} typ ${c.type}${tcp}`;
}
