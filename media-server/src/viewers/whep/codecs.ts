/** What routers, producers and consumers are told of the codecs that go by WebRTC. */
import { PLAYOUT_DELAY } from '@shouwang/protocol';

/** G.711 (RFC 3551, 4.5.14), with its payload type (table 4), which viewers offer by that number. */
export const G711 = { pcma: { name: 'PCMA', payloadType: 8 }, pcmu: { name: 'PCMU', payloadType: 0 } } as const;
export type G711Codec = keyof typeof G711;

/** How a viewer gets the sound. */
export interface SoundChoice {
  codec: G711Codec | 'opus';
  payloadType: number;
}

/** The real profile of a camera is nobody's business but the viewer's. */
export function h264Codec(payloadType: number) {
  return {
    kind: 'video' as const,
    mimeType: 'video/H264',
    clockRate: 90_000,
    preferredPayloadType: payloadType,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
  };
}

export function soundCodec({ codec, payloadType }: SoundChoice) {
  const opus = codec === 'opus';
  return {
    kind: 'audio' as const,
    // RFC 7587, 7: two channels whatever is in them.
    mimeType: opus ? 'audio/opus' : `audio/${G711[codec].name}`,
    clockRate: opus ? 48_000 : 8000,
    channels: opus ? 2 : 1,
    preferredPayloadType: payloadType,
    rtcpFeedback: [],
  };
}

/** What is sent with which payload type; `opus` where the viewer hears that. */
export interface PayloadTypes {
  h264: number;
  opus: number | undefined;
}

/** Of a router, and of what a viewer of it takes. Sound first: mediasoup gives pictures further types, and none that are taken. */
export function routerCodecs({ h264, opus }: PayloadTypes) {
  const g711 = (['pcma', 'pcmu'] as const).map((codec) => soundCodec({ codec, payloadType: G711[codec].payloadType }));
  const other = opus === undefined ? [] : [soundCodec({ codec: 'opus', payloadType: opus })];
  return [...g711, ...other, h264Codec(h264)];
}

/** Parameters of a producer that sends this codec with this SSRC. */
export function producing(codec: ReturnType<typeof h264Codec> | ReturnType<typeof soundCodec>, ssrc: number) {
  const { kind, preferredPayloadType, ...rest } = codec;
  const rtpParameters = {
    codecs: [{ ...rest, payloadType: preferredPayloadType }],
    headerExtensions: kind === 'video' ? [PLAYOUT_DELAY] : [],
    encodings: [{ ssrc }],
    rtcp: { cname: 'shouwang', reducedSize: true },
  };
  return { kind, rtpParameters };
}

/** What a viewer takes, as `consume` wants it. */
export function taking(types: PayloadTypes, offer: { playoutDelay: boolean }) {
  const { uri, id } = PLAYOUT_DELAY;
  const headerExtensions = offer.playoutDelay ? [{ kind: 'video' as const, uri, preferredId: id }] : [];
  return { codecs: routerCodecs(types), headerExtensions };
}
