/** The few things of sdp-transform 3 (untyped) that are used here. */
declare module 'sdp-transform' {
  export interface SdpFingerprint {
    type: string;
    hash: string;
  }
  export interface SdpMedia {
    type: string;
    port: number;
    protocol: string;
    payloads?: string;
    mid?: string | number;
    /** Set where the attribute is there (RFC 9143, 6). */
    bundleOnly?: string;
    direction?: string;
    setup?: string;
    control?: string;
    rtcpMux?: string;
    iceUfrag?: string;
    icePwd?: string;
    fingerprint?: SdpFingerprint;
    rtp: { payload: number; codec: string; rate?: number; encoding?: number }[];
    ext?: { value: number; direction?: string; uri: string }[];
    fmtp: { payload: number; config: string }[];
    rtcpFb?: { payload: number | string; type: string; subtype?: string }[];
  }
  export interface SdpSession {
    control?: string;
    fingerprint?: SdpFingerprint;
    iceUfrag?: string;
    icePwd?: string;
    setup?: string;
    groups?: { type: string; mids: string | number }[];
    media: SdpMedia[];
  }
  const sdpTransform: { parse(sdp: string): SdpSession };
  export default sdpTransform;
}
