/** What a viewer's SDP offer says (RFC 9429; RFC 6184, 8.2.2), as far as one H.264 picture stream and G.711 or Opus sound need it. */
import { CodedError, PLAYOUT_DELAY } from '@shouwang/protocol';
import sdpTransform, { type SdpMedia, type SdpSession } from 'sdp-transform';
import { G711, type G711Codec } from './codecs.ts';

export interface H264Choice {
  payloadType: number;
  /** Six hex digits, lower case. */
  profileLevelId: string;
}

export interface OfferedMedia {
  kind: string;
  mid: string | undefined;
  protocol: string;
  /** The first payload type, to reject the medium with. */
  format: string;
  /** What that is, as `a=rtpmap` says it; absent where nothing is said. */
  encoding?: string | undefined;
}

export interface Offer {
  media: OfferedMedia[];
  /** Index in `media` of the video that will be answered. */
  video: number;
  /** Index in `media` of the section that says how to get there: the video itself, or what it is bundled with (RFC 9143, 7.2.1: offerer-tagged). */
  path: number;
  /** Entries with packetization-mode 1, in the viewer's order. */
  h264: H264Choice[];
  /** Whether pictures may ask to be shown at once. */
  playoutDelay: boolean;
  /** Index in `media` of the sound that may be answered, and what it may be. */
  audio: { index: number; codecs: G711Codec[]; opus: number | undefined } | undefined;
  ice: { ufrag: string; pwd: string };
  fingerprint: { algorithm: string; value: string };
}

const MAX_MEDIA = 16;
/** Default of RFC 6184, 8.1: constrained nothing, level 1. */
const DEFAULT_PROFILE = '42000a';

/** Throws BAD_PAYLOAD for what is no SDP, OFFER_UNUSABLE for what is no offer to receive video by WebRTC, CODEC_UNSUPPORTED where the viewer takes no H.264. */
export function readOffer(sdp: string): Offer {
  if (!sdp.startsWith('v=0')) throw bad('not SDP');
  let parsed: ReturnType<typeof sdpTransform.parse>;
  try {
    parsed = sdpTransform.parse(sdp);
  } catch {
    throw bad('the SDP cannot be read');
  }
  if (parsed.media.length > MAX_MEDIA) throw unusable('too many media');
  const video = parsed.media.findIndex((m) => m.type === 'video' && offered(m) && receives(m));
  const chosen = parsed.media[video];
  if (!chosen) throw unusable('nobody wants to receive video');
  const path = chosen.port === 0 ? taggedFor(parsed, chosen) : video;
  const way = parsed.media[path];
  if (!way) throw unusable('the video is bundled with nothing');
  if (![chosen, way].every(isWebRtc)) throw unusable('not WebRTC');
  const setup = way.setup ?? parsed.setup;
  if (setup === 'passive') throw unusable('the viewer has to be able to open DTLS');
  const print = way.fingerprint ?? parsed.fingerprint;
  if (!print || !/^sha-(1|224|256|384|512)$/i.test(print.type) || !/^[\dA-F]{2}(:[\dA-F]{2})*$/i.test(print.hash))
    throw unusable('no usable fingerprint');
  const h264 = h264Choices(chosen);
  if (h264.length === 0) throw new CodedError('CODEC_UNSUPPORTED', 'the viewer takes no H.264 with packetization-mode 1');
  return {
    media: parsed.media.map(mediumOf),
    video,
    path,
    h264,
    playoutDelay: (chosen.ext ?? []).some((e) => e.value === PLAYOUT_DELAY.id && e.uri === PLAYOUT_DELAY.uri && !e.direction),
    audio: soundOf(parsed.media, h264),
    ice: { ufrag: String(way.iceUfrag ?? parsed.iceUfrag ?? ''), pwd: String(way.icePwd ?? parsed.icePwd ?? '') },
    // Upper case, whatever came (RFC 8122, 5): mediasoup compares letters.
    fingerprint: { algorithm: print.type.toLowerCase(), value: String(print.hash).toUpperCase() },
  };
}

/**
 * The entry that suits the camera best: its own profile, else constrained baseline, which every WebRTC end takes (RFC 7742,
 * 6.2) and decodes more than.
 */
export function chooseH264(choices: readonly H264Choice[], cameraProfile: string): H264Choice {
  const same = (p: string) => (c: H264Choice) => profileOf(c.profileLevelId) === profileOf(p);
  return choices.find(same(cameraProfile)) ?? choices.find(same('42e01f')) ?? choices[0]!;
}

/** The profile that a `profile-level-id` means, without its level (RFC 6184, table 5, the rows that occur). */
export function profileOf(profileLevelId: string): string {
  const idc = Number.parseInt(profileLevelId.slice(0, 2), 16);
  const iop = Number.parseInt(profileLevelId.slice(2, 4), 16);
  if (idc === 66) return iop & 0x40 ? 'constrained-baseline' : 'baseline';
  if (idc === 77) return iop & 0x80 ? 'constrained-baseline' : 'main';
  if (idc === 100) return (iop & 0x0c) === 0x0c ? 'constrained-high' : 'high';
  return `profile-${idc}`;
}

function mediumOf({ type, mid, protocol, payloads, rtp }: SdpMedia): OfferedMedia {
  const format = String(payloads ?? '0').split(' ')[0] ?? '0';
  const named = rtp.find((r) => String(r.payload) === format);
  return {
    kind: type,
    mid: mid === undefined ? undefined : String(mid),
    protocol,
    format,
    encoding: named && [named.codec, named.rate, named.encoding].filter((part) => part !== undefined).join('/'),
  };
}

/** Port 0 rejects a section, but where it may come in the bundle's packets only (RFC 9143, 6). */
function offered({ port, bundleOnly }: SdpMedia): boolean {
  return port !== 0 || bundleOnly !== undefined;
}

function isWebRtc({ protocol }: SdpMedia): boolean {
  return /^UDP\/TLS\/RTP\/SAVPF?$/i.test(protocol);
}

/** Index of the first section of the bundle that a section is in; -1 where it is in none. */
function taggedFor({ groups, media }: SdpSession, { mid }: SdpMedia): number {
  const bundles = (groups ?? []).filter((g) => g.type === 'BUNDLE').map((g) => String(g.mids).split(' '));
  const tagged = bundles.find((mids) => mids.includes(String(mid)))?.[0];
  return media.findIndex((m) => tagged !== undefined && String(m.mid) === tagged && m.port !== 0);
}

function h264Choices(media: SdpMedia): H264Choice[] {
  const found: H264Choice[] = [];
  for (const rtp of media.rtp) {
    if (String(rtp.codec).toUpperCase() !== 'H264' || !isFree(rtp.payload)) continue;
    const config = media.fmtp.find((f) => f.payload === rtp.payload)?.config ?? '';
    if (!/(^|;)\s*packetization-mode=1\s*(;|$)/.test(config)) continue;
    const profile = /profile-level-id=([0-9a-fA-F]{6})/.exec(config)?.[1]?.toLowerCase() ?? DEFAULT_PROFILE;
    found.push({ payloadType: rtp.payload, profileLevelId: profile });
  }
  return found;
}

/** 7 bits that do not mean G.711 here. The parser gives numbers for words of digits, and empty words for what is missing. */
function isFree(payloadType: unknown): payloadType is number {
  return Number.isInteger(payloadType) && Number(payloadType) <= 127 && Object.values(G711).every((g) => g.payloadType !== payloadType);
}

/** The first medium that would take sound as the cameras send it. Static payload types need no rtpmap (RFC 3551, 6). */
function soundOf(media: readonly SdpMedia[], h264: readonly H264Choice[]): Offer['audio'] {
  const index = media.findIndex((m) => m.type === 'audio' && offered(m) && receives(m) && isWebRtc(m));
  const chosen = media[index];
  if (!chosen) return undefined;
  const listed = String(chosen.payloads ?? '')
    .split(' ')
    .map(Number);
  const codecs = (Object.keys(G711) as G711Codec[]).filter((c) => listed.includes(G711[c].payloadType));
  // RFC 7587, 7: always `opus/48000/2`. In one bundle a number means one thing (RFC 9143, 10.1.1).
  const free = (type: number) => listed.includes(type) && isFree(type) && h264.every((h) => h.payloadType !== type);
  const opus = chosen.rtp.find((r) => /^opus$/i.test(r.codec) && r.rate === 48_000 && free(r.payload))?.payload;
  return codecs.length > 0 || opus !== undefined ? { index, codecs, opus } : undefined;
}

function receives(media: SdpMedia): boolean {
  return media.direction === undefined || media.direction === 'recvonly' || media.direction === 'sendrecv';
}

function unusable(detail: string): CodedError {
  return new CodedError('OFFER_UNUSABLE', detail);
}

function bad(detail: string): CodedError {
  return new CodedError('BAD_PAYLOAD', detail);
}
