/** H.264 into RTP (RFC 6184, packetization-mode 1): single NAL units, STAP-A for what is small, FU-A for what is large. */

/** Of an RTP payload: with its headers it passes any link, also once it is forwarded by SRTP. */
export const MAX_PAYLOAD = 1200;
const RTP_HEADER = 12;
const STAP_A = 24;
const FU_A = 28;

export interface RtpStream {
  payloadType: number;
  ssrc: number;
  /** Of the next packet; the packetiser moves it on. */
  sequence: number;
}

/**
 * The packets of one picture; the last one carries the marker (5.1). `time`: RTP timestamp, 90 kHz.
 * `nals`: without start codes.
 */
export function packetise(nals: Uint8Array[], time: number, stream: RtpStream): Buffer[] {
  const payloads = payloadsOf(nals);
  return payloads.map((payload, i) => {
    const packet = Buffer.allocUnsafe(RTP_HEADER + payload.length);
    packet[0] = 0x80; // Version 2 (RFC 3550, 5.1).
    packet[1] = stream.payloadType | (i === payloads.length - 1 ? 0x80 : 0);
    packet.writeUInt16BE(stream.sequence, 2);
    packet.writeUInt32BE(time >>> 0, 4);
    packet.writeUInt32BE(stream.ssrc, 8);
    packet.set(payload, RTP_HEADER);
    stream.sequence = (stream.sequence + 1) & 0xffff;
    return packet;
  });
}

function payloadsOf(nals: Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let together: Uint8Array[] = [];
  let size = 1;
  const flush = () => {
    if (together.length === 1) out.push(together[0]!);
    else if (together.length > 1) out.push(stapA(together));
    together = [];
    size = 1;
  };
  for (const nal of nals) {
    if (size + 2 + nal.length > MAX_PAYLOAD) flush();
    if (nal.length > MAX_PAYLOAD) out.push(...fuA(nal));
    else {
      together.push(nal);
      size += 2 + nal.length;
    }
  }
  flush();
  return out;
}

/** 5.7.1: one byte of header with the highest importance of what is inside, then each NAL unit after its length. */
function stapA(nals: Uint8Array[]): Uint8Array {
  const importance = Math.max(...nals.map((nal) => nal[0]! & 0x60));
  const parts: Uint8Array[] = [Uint8Array.of(importance | STAP_A)];
  for (const nal of nals) parts.push(Uint8Array.of(nal.length >> 8, nal.length & 0xff), nal);
  return Buffer.concat(parts);
}

/** 5.8: the NAL unit's header goes into the FU indicator and the FU header of each fragment. */
function fuA(nal: Uint8Array): Uint8Array[] {
  const indicator = (nal[0]! & 0xe0) | FU_A;
  const type = nal[0]! & 0x1f;
  const body = nal.subarray(1);
  const count = Math.ceil(body.length / (MAX_PAYLOAD - 2));
  const size = Math.ceil(body.length / count);
  return Array.from({ length: count }, (_, i) => {
    const start = i === 0 ? 0x80 : 0;
    const end = i === count - 1 ? 0x40 : 0;
    return Buffer.concat([Uint8Array.of(indicator, start | end | type), body.subarray(i * size, (i + 1) * size)]);
  });
}
