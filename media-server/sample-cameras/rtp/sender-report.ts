/** From 1900, where NTP counts from, to 1970, in s. */
const NTP_EPOCH = 2_208_988_800;

/** RTP timestamp of an instant on a stream whose clock runs with the wall clock. `base`: its random offset (RFC 3550, 5.1). */
export function rtpTimeOf(at: number, base: number): number {
  return (base + Math.round(at * 90)) % 2 ** 32;
}

export interface Sent {
  ssrc: number;
  packets: number;
  /** Payload only. */
  octets: number;
}

/** A compound RTCP packet: sender report (RFC 3550, 6.4.1) that ties the RTP clock to NTP time, and the name of the source (6.5.1). */
export function senderReport(at: number, base: number, sent: Sent, cname: string): Buffer {
  const name = Buffer.from(cname, 'utf8');
  const items = Math.ceil((2 + name.length + 1) / 4) * 4;
  const packet = Buffer.alloc(28 + 8 + items);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(200, 1);
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(sent.ssrc, 4);
  packet.writeUInt32BE(Math.floor(at / 1000) + NTP_EPOCH, 8);
  packet.writeUInt32BE(Math.floor(((at % 1000) / 1000) * 2 ** 32), 12);
  packet.writeUInt32BE(rtpTimeOf(at, base), 16);
  packet.writeUInt32BE(sent.packets % 2 ** 32, 20);
  packet.writeUInt32BE(sent.octets % 2 ** 32, 24);
  packet.writeUInt8(0x81, 28);
  packet.writeUInt8(202, 29);
  packet.writeUInt16BE((8 + items) / 4 - 1, 30);
  packet.writeUInt32BE(sent.ssrc, 32);
  packet.writeUInt8(1, 36);
  packet.writeUInt8(name.length, 37);
  name.copy(packet, 38);
  return packet;
}
