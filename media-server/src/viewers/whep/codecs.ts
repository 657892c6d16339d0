/** What routers, producers and consumers are told of the codecs that go by WebRTC. */
/** G.711 (RFC 3551, 4.5.14), with its payload type (table 4), which viewers offer by that number. */
export const G711 = { pcma: { name: 'PCMA', payloadType: 8 }, pcmu: { name: 'PCMU', payloadType: 0 } } as const;
export type G711Codec = keyof typeof G711;

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

export function g711Codec(codec: G711Codec) {
  const { name, payloadType } = G711[codec];
  return {
    kind: 'audio' as const,
    mimeType: `audio/${name}`,
    clockRate: 8000,
    channels: 1,
    preferredPayloadType: payloadType,
    rtcpFeedback: [],
  };
}

/** Of a router, and of what a viewer of it takes. */
export function routerCodecs(payloadType: number) {
  return [h264Codec(payloadType), g711Codec('pcma'), g711Codec('pcmu')];
}

/** Parameters of a producer that sends this codec with this SSRC. */
export function producing(codec: ReturnType<typeof h264Codec> | ReturnType<typeof g711Codec>, ssrc: number) {
  const { kind, preferredPayloadType, ...rest } = codec;
  const rtpParameters = {
    codecs: [{ ...rest, payloadType: preferredPayloadType }],
    encodings: [{ ssrc }],
    rtcp: { cname: 'shouwang', reducedSize: true },
  };
  return { kind, rtpParameters };
}
