/** The Transport header (RFC 2326, 12.39). */

export interface Transport {
  /** Channels of interleaved frames. */
  interleaved: { rtp: number; rtcp: number } | undefined;
  /** Ports that the camera sends from. */
  server: { rtp: number; rtcp: number } | undefined;
  /** The address that it sends from, where it is another one. */
  source: string | undefined;
  tcp: boolean;
}

/** Reads what the camera chose; what is out of range counts as not said. */
export function readTransport(text: string): Transport {
  const interleaved = pair(text, 'interleaved', 255);
  return {
    interleaved,
    server: pair(text, 'server_port', 65_535),
    source: /;\s*source\s*=\s*"?((?:\d{1,3}\.){3}\d{1,3}|[\da-f:]{2,39}(?:\.[\d.]+)?)"?\s*(?:;|,|$)/i.exec(text)?.[1],
    tcp: /RTP\/AVP\/TCP/i.test(text) || interleaved !== undefined,
  };
}

function pair(text: string, name: string, max: number): { rtp: number; rtcp: number } | undefined {
  const m = new RegExp(`${name}\\s*=\\s*(\\d{1,5})(?:-(\\d{1,5}))?`, 'i').exec(text);
  if (!m) return undefined;
  const rtp = Number(m[1]);
  const rtcp = Number(m[2] ?? rtp + 1);
  return rtp <= max && rtcp <= max && (rtp > 0 || max === 255) ? { rtp, rtcp } : undefined;
}
