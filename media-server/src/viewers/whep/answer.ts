/** The SDP answer, written from mediasoup's transport and consumer parameters (RFC 8829, 5.3; RFC 8839; RFC 8842). */
import type { types } from 'mediasoup';
import { type H264Choice, type Offer, profileOf } from './offer.ts';

export interface AnswerInput {
  offer: Offer;
  choice: H264Choice;
  /** `profile-level-id` of the camera's own stream. */
  cameraProfile: string;
  /** Names the session; digits. */
  sessionId: string;
  ssrc: number;
  cname: string;
  ice: types.IceParameters;
  candidates: readonly types.IceCandidate[];
  dtls: types.DtlsParameters;
}

export function writeAnswer(input: AnswerInput): string {
  const { offer, sessionId } = input;
  const mid = offer.media[offer.video]!.mid;
  const lines = ['v=0', `o=- ${sessionId} 1 IN IP4 0.0.0.0`, 's=-', 't=0 0', 'a=ice-lite'];
  if (mid !== undefined) lines.push(`a=group:BUNDLE ${mid}`);
  lines.push('a=msid-semantic: WMS shouwang');
  for (const [i, media] of offer.media.entries()) {
    if (i === offer.video) lines.push(...videoSection(input));
    else {
      // Rejected with port zero (RFC 3264, 6).
      lines.push(`m=${media.kind} 0 ${media.protocol} ${media.format}`, 'c=IN IP4 0.0.0.0', 'a=inactive');
      if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function videoSection({ offer, choice, cameraProfile, ssrc, cname, ice, candidates, dtls }: AnswerInput): string[] {
  const media = offer.media[offer.video]!;
  const pt = choice.payloadType;
  // The camera's own profile and level where the viewer offered that profile; another profile would not be an answer to the
  // offer (RFC 6184, 8.2.2), so there the offered one stands.
  const profile = profileOf(choice.profileLevelId) === profileOf(cameraProfile) ? cameraProfile : choice.profileLevelId;
  const print = dtls.fingerprints.find((f) => f.algorithm === 'sha-256') ?? dtls.fingerprints[0]!;
  const lines = [`m=video 9 ${media.protocol} ${pt}`, 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0'];
  if (media.mid !== undefined) lines.push(`a=mid:${media.mid}`);
  lines.push(
    'a=sendonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:${pt} H264/90000`,
    `a=fmtp:${pt} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
    `a=rtcp-fb:${pt} nack`,
    `a=rtcp-fb:${pt} nack pli`,
    'a=msid:shouwang video',
    `a=ssrc:${ssrc} cname:${cname}`,
    `a=ssrc:${ssrc} msid:shouwang video`,
    // The viewer opens DTLS: it knows our address, we do not know its.
    'a=setup:passive',
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${print.algorithm} ${print.value}`,
    ...candidates.map(candidateLine),
    'a=end-of-candidates',
  );
  return lines;
}

/** RFC 8839, 5.1; RFC 6544, 4.5. */
function candidateLine(c: types.IceCandidate): string {
  const tcp = c.protocol === 'tcp' ? ` tcptype ${c.tcpType ?? 'passive'}` : '';
  return `a=candidate:${c.foundation} 1 ${c.protocol} ${c.priority} ${c.address} ${c.port} typ ${c.type}${tcp}`;
}
