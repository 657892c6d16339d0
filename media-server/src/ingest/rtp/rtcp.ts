/** RTCP as far as it dates pictures, ends streams and answers for what came (RFC 3550, 6). */

export interface SenderReport {
  ssrc: number;
  /** The sender's wall clock, ms since 1970. */
  ntpMs: number;
  /** The middle 32 bits of its NTP time, for LSR of our reports. */
  ntpMiddle: number;
  /** The RTP timestamp of the same instant. */
  timestamp: number;
}

export interface Rtcp {
  report: SenderReport | undefined;
  /** Sources that said BYE (6.6). */
  goodbyes: readonly number[];
}

const SR = 200;
const RR = 201;
const SDES = 202;
const BYE = 203;
const NOTHING: Rtcp = { report: undefined, goodbyes: [] };

/** Seconds from 1900 (NTP) to 1970 (RFC 868). */
const NTP_TO_UNIX_S = 2_208_988_800;

/** The first sender report and the goodbyes of a compound packet. What is cut or no RTCP ends it; what came before counts. */
export function readRtcp(bytes: Buffer): Rtcp {
  let report: SenderReport | undefined;
  let goodbyes: number[] | undefined;
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (bytes[at]! >> 6 !== 2) break;
    const size = (bytes.readUInt16BE(at + 2) + 1) * 4;
    if (at + size > bytes.length) break;
    const type = bytes[at + 1];
    if (type === SR && size >= 28) report ??= senderReport(bytes, at);
    const sources = bytes[at]! & 0x1f;
    if (type === BYE && size >= 4 + sources * 4)
      goodbyes = [...(goodbyes ?? []), ...Array.from({ length: sources }, (_, i) => bytes.readUInt32BE(at + 4 + i * 4))].slice(0, 31);
    at += size;
  }
  return report || goodbyes ? { report, goodbyes: goodbyes ?? [] } : NOTHING;
}

function senderReport(bytes: Buffer, at: number): SenderReport {
  const seconds = bytes.readUInt32BE(at + 8) - NTP_TO_UNIX_S;
  const fraction = bytes.readUInt32BE(at + 12) / 2 ** 32;
  return {
    ssrc: bytes.readUInt32BE(at + 4),
    ntpMs: (seconds + fraction) * 1000,
    ntpMiddle: bytes.readUInt32BE(at + 10),
    timestamp: bytes.readUInt32BE(at + 16),
  };
}

/** One report block (6.4.1). */
export interface ReceptionBlock {
  ssrc: number;
  /** Lost since the last report, 1/256. */
  fraction: number;
  /** Since the beginning. */
  lost: number;
  /** Extended with the number of wraps. */
  highest: number;
  /** In the clock of the packets. */
  jitter: number;
  /** `ntpMiddle` of the last sender report, and 1/65536 s since it came; 0, 0 without one. */
  lastReport: number;
  delay: number;
}

/** A receiver report with our name, as every compound packet has (6.1). */
export function receiverReport(ours: number, block: ReceptionBlock, cname: string): Buffer {
  const report = Buffer.alloc(32);
  report.set([0x81, RR, 0, 7]);
  report.writeUInt32BE(ours, 4);
  report.writeUInt32BE(block.ssrc, 8);
  report[12] = block.fraction;
  // 24 bits, signed: duplicates can make it negative.
  report.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.lost)), 13, 3);
  report.writeUInt32BE(block.highest >>> 0, 16);
  report.writeUInt32BE(Math.min(0xffff_ffff, Math.round(block.jitter)), 20);
  report.writeUInt32BE(block.lastReport, 24);
  report.writeUInt32BE(Math.min(0xffff_ffff, Math.round(block.delay)), 28);
  const name = Buffer.from(cname, 'utf8');
  // The item, and at least one zero byte to the next word (6.5).
  const sdes = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  sdes.set([0x81, SDES, 0, sdes.length / 4 - 1]);
  sdes.writeUInt32BE(ours, 4);
  sdes.set([1, name.length, ...name], 8);
  return Buffer.concat([report, sdes]);
}
