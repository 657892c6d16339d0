import sdpTransform from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { type AnswerInput, writeAnswer } from './answer.ts';
import type { Offer } from './offer.ts';

const OFFER: Offer = {
  media: [
    { kind: 'audio', mid: '0', protocol: 'UDP/TLS/RTP/SAVPF', format: '111' },
    { kind: 'video', mid: 'v', protocol: 'UDP/TLS/RTP/SAVPF', format: '96' },
  ],
  video: 1,
  path: 1,
  h264: [],
  playoutDelay: true,
  audio: { index: 0, codecs: ['pcma'], opus: 111 },
  ice: { ufrag: 'abcd', pwd: 'abcdefghijklmnopqrstuv' },
  fingerprint: { algorithm: 'sha-256', value: 'AA' },
};

function answer(profileLevelId: string, cameraProfile: string, sound?: AnswerInput['sound'], offer = OFFER): string {
  const candidate = { foundation: 'udpcandidate', priority: 7, ip: '10.0.0.1', address: '10.0.0.1', type: 'host' as const };
  return writeAnswer({
    offer,
    choice: { payloadType: 108, profileLevelId },
    cameraProfile,
    sessionId: '42',
    ssrc: 12_345,
    sound,
    cname: 'shouwang',
    ice: { usernameFragment: 'uf', password: 'pw', iceLite: true },
    candidates: [
      { ...candidate, protocol: 'udp', port: 8811 },
      { ...candidate, foundation: 'tcpcandidate', protocol: 'tcp', port: 8811, tcpType: 'passive' },
    ],
    dtls: {
      role: 'auto',
      fingerprints: [
        { algorithm: 'sha-1', value: 'X' },
        { algorithm: 'sha-256', value: 'AA:BB' },
      ],
    },
  });
}

describe('an answer', () => {
  const text = answer('42e01f', '42c01e');

  test('is ice-lite, passive, and sends the one stream', () => {
    const lines = text.split('\r\n');
    for (const line of [
      'a=ice-lite',
      'a=group:BUNDLE v',
      'm=video 9 UDP/TLS/RTP/SAVPF 108',
      'a=sendonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=rtpmap:108 H264/90000',
      'a=rtcp-fb:108 nack',
      'a=rtcp-fb:108 nack pli',
      'a=extmap:11 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
      'a=ssrc:12345 cname:shouwang',
      'a=setup:passive',
      'a=fingerprint:sha-256 AA:BB',
      'a=candidate:udpcandidate 1 udp 7 10.0.0.1 8811 typ host',
      'a=candidate:tcpcandidate 1 tcp 7 10.0.0.1 8811 typ host tcptype passive',
      'a=end-of-candidates',
    ])
      expect(lines).toContain(line);
  });

  test('bundles the sound with the pictures where the viewer takes the camera’s', () => {
    const withSound = answer('42e01f', '42c01e', { index: 0, choice: { codec: 'pcma', payloadType: 8 }, ssrc: 777 });
    const parsed = sdpTransform.parse(withSound);
    expect(parsed.media.map((m) => [m.type, m.port, m.rtp[0]?.codec, m.iceUfrag])).toEqual([
      ['audio', 9, 'PCMA', 'uf'],
      ['video', 9, 'H264', 'uf'],
    ]);
    expect(withSound).toContain('a=group:BUNDLE 0 v');
    expect(withSound).toContain('a=msid:shouwang audio');
  });

  test('names Opus as every WebRTC end knows it', () => {
    const lines = answer('42e01f', '42c01e', { index: 0, choice: { codec: 'opus', payloadType: 111 }, ssrc: 777 }).split('\r\n');
    expect(lines).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111');
    expect(lines).toContain('a=rtpmap:111 opus/48000/2');
  });

  test('rejects the other media in their places', () => {
    const parsed = sdpTransform.parse(text);
    expect(parsed.media.map((m) => [m.type, m.port])).toEqual([
      ['audio', 0],
      ['video', 9],
    ]);
  });

  test('rejects no section whose path the pictures take', () => {
    const media = OFFER.media.map((m) => (m.kind === 'audio' ? { ...m, encoding: 'opus/48000/2' } : m));
    const bundled = answer('42e01f', '42c01e', undefined, { ...OFFER, media, path: 0 });
    const parsed = sdpTransform.parse(bundled);
    expect(bundled).toContain('a=group:BUNDLE 0 v');
    expect(parsed.media.map((m) => [m.type, m.port, m.direction, m.rtp[0]?.codec, m.iceUfrag])).toEqual([
      ['audio', 9, 'inactive', 'opus', 'uf'],
      ['video', 9, 'sendonly', 'H264', 'uf'],
    ]);
  });

  test('names the camera’s own profile where it was offered, else the offered one', () => {
    expect(answer('42e01f', '42c01e')).toContain('profile-level-id=42c01e');
    expect(answer('42e01f', '640028')).toContain('profile-level-id=42e01f');
  });
});
