/** RTCP as far as it dates pictures: sender reports (RFC 3550, 6.4.1). */

export interface SenderReport {
  ssrc: number;
  /** The sender's wall clock, ms since 1970. */
  ntpMs: number;
  /** The RTP timestamp of the same instant. */
  timestamp: number;
}

/** Seconds from 1900 (NTP) to 1970 (RFC 868). */
const NTP_TO_UNIX_S = 2_208_988_800;

/** The first sender report of a compound packet; undefined where there is none, or the bytes are no RTCP. */
export function findSenderReport(bytes: Buffer): SenderReport | undefined {
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (bytes[at]! >> 6 !== 2) return undefined;
    const size = (bytes.readUInt16BE(at + 2) + 1) * 4;
    if (at + size > bytes.length) return undefined;
    if (bytes[at + 1] === 200 && size >= 28) {
      const seconds = bytes.readUInt32BE(at + 8) - NTP_TO_UNIX_S;
      const fraction = bytes.readUInt32BE(at + 12) / 2 ** 32;
      return { ssrc: bytes.readUInt32BE(at + 4), ntpMs: (seconds + fraction) * 1000, timestamp: bytes.readUInt32BE(at + 16) };
    }
    at += size;
  }
  return undefined;
}
