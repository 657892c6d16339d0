/** Good input that the broken one is made of. */

import { copies } from '../../media-server/src/testing/copies.ts';
import { pictures, pps, sps } from '../../media-server/src/testing/h264-video.ts';
import { Packetiser } from '../../media-server/src/viewers/whep/packetiser.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const lines = (...text: string[]): Buffer => Buffer.from(`${text.join('\r\n')}\r\n`, 'latin1');

/** An RTP packet of SSRC 0x1234. */
export function rtp(payload: Buffer, { payloadType = 96, sequence = 1, timestamp = 3600, marker = true } = {}): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = payloadType | (marker ? 0x80 : 0);
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(0x1234, 8);
  return Buffer.concat([head, payload]);
}

const packetiser = new Packetiser({ payloadType: 96, ssrc: 0x1234, firstSequence: 65_530 });
const small = { width: 1, height: 1 };
/** Key frames in one packet and in several. */
export const H264_PACKETS = [
  ...pictures('IPBBPI', { shape: small }),
  ...pictures('IP', { from: 6, shape: { width: 3, height: 2 } }),
].flatMap((p) => copies(packetiser.packets(p, p.ticks)));

const VPS = '40010c01ffff016000000300900000030000030078959809';
const SPS_HD = '420101016000000300900000030000030078a003c08010e596566924caf016808000000300800000030284';
const PPS = '4401c172b46240';
const sized = (...nals: string[]): string => nals.map((n) => (n.length / 2).toString(16).padStart(4, '0') + n).join('');
export const H265_PACKETS = [
  `6001 ${sized(VPS, SPS_HD, PPS, '260180aabbcc')}`,
  '2601 80aabb',
  '6201 93 80aa',
  '6201 13 bbcc',
  '6201 53 dd',
  '0201 80cc',
  '1001 80dd',
  '2a01 80ee',
  VPS,
  SPS_HD,
  PPS,
].map((p, i) => rtp(hex(p), { sequence: 65_530 + i, timestamp: i * 3600, marker: !p.startsWith('62') || p.includes(' 53 ') }));

export const AAC_PACKETS = ['0010 0010 aabb', '0020 0010 0018 aabbccddee', '0010 0028 aabb', '0010 0028 ccddee'].map((p, i) =>
  rtp(hex(p), { payloadType: 97, sequence: i, timestamp: i * 1024 }),
);

const EXTENDED = hex('b1e00005 0000000a 00000063 00000001 bede0001 09090909 0708 0002');
export const RTP_PACKETS = [...H264_PACKETS, ...H265_PACKETS, ...AAC_PACKETS, EXTENDED];

export const RTCP_PACKETS = [
  hex('80c80006 00001234 e0000000 80000000 00003039 00000002 00000100'),
  hex('81c9000700000001 00001234 00000000 0000fffe 00000000 00000000 00000000'),
  hex('81ca0004 00001234 0105 63616d2d31 000000'),
  hex('81cb0001 00001234'),
  hex('80c80006 00001234 e0000000 80000000 00003039 00000002 00000100 81ca0002 00001234 0100 0000 81cb0001 00001234'),
];

export const SPS_264 = [
  sps(),
  sps({ width: 40, height: 30, reorderFrames: 2 }),
  hex('67640028acd940780227e5c044000003000400000300c83c60c658'),
  pps(),
];
export const SPS_265 = [hex(SPS_HD), hex('42010101600000030090000003000003003ca00b480d1f265959a4932bc05a020000030002000003000a10')];

const frame = (channel: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 255]), bytes]);
export const RTSP_STREAMS = [
  lines('RTSP/1.0 200 OK', 'CSeq: 1', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER', ''),
  lines(
    'RTSP/1.0 401 Unauthorized',
    'CSeq: 2',
    'WWW-Authenticate: Digest realm="cam", nonce="abc", algorithm=MD5, qop="auth,auth-int", opaque="x\\"y"',
    'WWW-Authenticate: Basic realm="cam"',
    '',
  ),
  Buffer.concat([lines('RTSP/1.0 200 OK', 'CSeq: 3', 'Content-Length: 7', ''), Buffer.from('v=0\r\ns=')]),
  lines(
    'RTSP/1.0 200 OK',
    'CSeq: 4',
    'Session: 4711;timeout=60',
    'Transport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;source=192.0.2.1;ssrc=1234',
    '',
  ),
  lines('RTSP/1.0 302 Moved', 'CSeq: 5', 'Location: rtsp://user:pass@192.0.2.9:8554/live?x=1', ''),
  lines('REDIRECT rtsp://h/ RTSP/1.0', 'CSeq: 6', 'Location: rtsp://h/other', ''),
  Buffer.concat([
    frame(0, H264_PACKETS[0]!),
    frame(1, RTCP_PACKETS[0]!),
    lines('RTSP/1.0 200 OK', 'CSeq: 7', ''),
    frame(0, H264_PACKETS[1]!),
  ]),
];
export const RTSP_WORDS = [
  '$',
  '\r\n\r\n',
  '\n\n',
  'RTSP/1.0 200 OK\r\n',
  'Content-Length: 65536\r\n',
  'Content-Length: -1\r\n',
  'CSeq: 99999999999\r\n',
  'interleaved=0-1',
  'server_port=0-70000',
  'Digest realm="',
  'nonce=',
  'rtsp://[::1]:554/',
  '%00%',
];

const SDP_HEAD = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=cam', 't=0 0', 'a=control:*'];
export const CAMERA_SDPS = [
  lines(
    ...SDP_HEAD,
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sps().toString('base64')},${pps().toString('base64')}`,
    'a=control:track1',
    'm=audio 0 RTP/AVP 97',
    'a=rtpmap:97 MPEG4-GENERIC/48000/2',
    'a=fmtp:97 streamtype=5;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190',
    'a=control:track2',
  ),
  lines(
    ...SDP_HEAD,
    'm=video 0 RTP/AVP 98',
    'a=rtpmap:98 H265/90000',
    `a=fmtp:98 sprop-vps=${hex(VPS).toString('base64')};sprop-sps=${hex(SPS_HD).toString('base64')};sprop-pps=${hex(PPS).toString('base64')}`,
    'a=control:rtsp://192.0.2.1/live/t1',
    'm=audio 0 RTP/AVP 0 8',
  ),
];
export const SDP_WORDS = [
  'm=video 0 RTP/AVP 96\r\n',
  'a=rtpmap:96 H264/90000\r\n',
  'a=fmtp:96 ',
  ';',
  '=',
  ',',
  '/',
  ':',
  '\r\n',
  'a=control:',
  'config=',
  'sizelength=0',
  '99999999999',
  '\0',
];

const WEBRTC = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'a=fingerprint:sha-256 AB:CD:EF',
  'a=setup:actpass',
];
export const OFFERS = [
  lines(
    ...WEBRTC,
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'a=mid:0',
    'a=recvonly',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 108',
    'c=IN IP4 0.0.0.0',
    'a=mid:1',
    'a=recvonly',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack pli',
    'a=rtpmap:108 H264/90000',
    'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuv',
    'a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0',
  ),
];
export const ICE_FRAGMENTS = [
  lines(
    'a=ice-options:trickle ice2',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    'a=ice-ufrag:EsAw',
    'a=ice-pwd:abcdefghijklmnopqrstuv',
    'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
    'a=end-of-candidates',
  ),
  lines('a=ice-ufrag:EsAw', 'a=ice-pwd:abcdefghijklmnopqrstuv'),
];
export const OFFER_WORDS = [
  ...SDP_WORDS,
  'a=setup:passive\r\n',
  'a=recvonly\r\n',
  'a=fingerprint:',
  'packetization-mode=1',
  'profile-level-id=',
  'a=simulcast:send 1;~2',
  'a=candidate:',
  'a=ice-ufrag:',
  'a=ice-pwd:',
];

/** A transport stream of one picture stream and one of sound. */
function ts(pid: number, start: boolean, payload: Buffer): Buffer {
  const packet = Buffer.alloc(188, 0xff);
  packet.set([0x47, (start ? 0x40 : 0) | (pid >> 8), pid & 255, 0x30]);
  const stuffing = 188 - 5 - payload.length;
  packet[4] = stuffing;
  if (stuffing > 0) packet[5] = 0;
  payload.copy(packet, 188 - payload.length);
  return packet;
}
const pes = (stream: number, sized: boolean, data: Buffer): Buffer => {
  const head = Buffer.from([0, 0, 1, stream, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0x1c, 0x21]);
  if (sized) head.writeUInt16BE(data.length + 8, 4);
  return Buffer.concat([head, data]);
};
const annexB = (...nals: Buffer[]): Buffer => Buffer.concat(nals.flatMap((n) => [Buffer.from([0, 0, 0, 1]), n]));
const PMT = hex('0002b0170001c10000e100f000 1be100f000 0fe101f000 12345678');
const P_PICTURE = hex('419a0203');
export const TS_PACKETS = [
  ts(0, true, hex('0000b00d0001c100000001f000 12345678')),
  ts(0x1000, true, PMT),
  ts(0x100, true, pes(0xe0, false, annexB(hex('09f0'), sps(small), pps(), hex('65888040')))),
  ts(0x100, false, hex('aabbccdd')),
  ts(0x101, true, pes(0xc0, true, hex('fff1 5040 01 3f fc aabb'))),
  ts(0x100, true, pes(0xe0, false, annexB(P_PICTURE))),
  ts(0x100, true, pes(0xe0, false, annexB(P_PICTURE, hex('0605010280')))),
];
