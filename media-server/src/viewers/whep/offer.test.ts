import { describe, expect, test } from 'vitest';
import { chooseH264, profileOf, readOffer } from './offer.ts';

const HEAD = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const SECURITY = ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuv', 'a=fingerprint:sha-256 AA:BB', 'a=setup:actpass'];
const AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=recvonly', 'a=rtpmap:111 opus/48000/2', ...SECURITY];
const H264 = [
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
  'a=rtpmap:104 H264/90000',
  'a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f',
  'a=rtpmap:108 H264/90000',
  'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42E01F',
  'a=rtpmap:116 H264/90000',
  'a=fmtp:116 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f',
];

function video(direction = 'recvonly', codecs = H264): string[] {
  return ['m=video 9 UDP/TLS/RTP/SAVPF 96 102 104 108 116', 'a=mid:1', `a=${direction}`, 'a=rtpmap:96 VP8/90000', ...codecs, ...SECURITY];
}

function sdp(...lines: string[]): string {
  return [...HEAD, ...lines, ''].join('\r\n');
}

describe('an offer', () => {
  test('gives the video and its H.264 entries with packetization-mode 1', () => {
    const offer = readOffer(sdp(...AUDIO, ...video()));
    expect(offer.video).toBe(1);
    expect(offer.media.map((m) => [m.kind, m.mid, m.format])).toEqual([
      ['audio', '0', '111'],
      ['video', '1', '96'],
    ]);
    expect(offer.h264).toEqual([
      { payloadType: 102, profileLevelId: '42001f' },
      { payloadType: 108, profileLevelId: '42e01f' },
      { payloadType: 116, profileLevelId: '4d001f' },
    ]);
    expect(offer.fingerprint).toEqual({ algorithm: 'sha-256', value: 'AA:BB' });
    expect(offer.playoutDelay).toBe(false);
  });

  test.each([
    [11, true],
    [5, false],
  ])('takes pictures that ask to be shown at once where the extension has the relay’s number: %i', (id, taken) => {
    const ext = [
      `a=extmap:${id} http://www.webrtc.org/experiments/rtp-hdrext/playout-delay`,
      'a=extmap:4/sendrecv urn:3gpp:video-orientation',
    ];
    expect(readOffer(sdp(...video(), ...ext)).playoutDelay).toBe(taken);
  });

  test.each([
    ['nothing', ''],
    ['no SDP', 'hello'],
  ])('of %s is refused', (_what, text) => {
    expect(() => readOffer(text)).toThrow('BAD_PAYLOAD');
  });

  test.each([
    ['sound only', sdp(...AUDIO)],
    ['a viewer that only sends', sdp(...video('sendonly'))],
    ['no fingerprint', sdp(...video().filter((l) => !l.startsWith('a=fingerprint')))],
    ['a weak fingerprint', sdp(...video().map((l) => l.replace('sha-256', 'md5')))],
    ['a viewer that will not open DTLS', sdp(...video().map((l) => l.replace('actpass', 'passive')))],
    ['plain RTP', sdp(...video().map((l) => l.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')))],
    ['a hundred media', sdp(...Array.from({ length: 100 }, () => AUDIO).flat(), ...video())],
  ])('of %s is understood and refused', (_what, text) => {
    expect(() => readOffer(text)).toThrow('OFFER_UNUSABLE');
  });

  test('names the sound that cameras send, by its static payload type, and Opus by the viewer’s', () => {
    const sound = (list: string) => [
      `m=audio 9 UDP/TLS/RTP/SAVPF ${list}`,
      'a=mid:0',
      'a=recvonly',
      'a=rtpmap:111 opus/48000/2',
      ...SECURITY,
    ];
    expect(readOffer(sdp(...sound('111 0 8'), ...video())).audio).toEqual({ index: 0, codecs: ['pcma', 'pcmu'], opus: 111 });
    expect(readOffer(sdp(...sound('111 0'), ...video())).audio).toEqual({ index: 0, codecs: ['pcmu'], opus: 111 });
    expect(readOffer(sdp(...sound('0'), ...video())).audio?.opus).toBeUndefined();
    expect(readOffer(sdp(...AUDIO, ...video())).audio).toEqual({ index: 0, codecs: [], opus: 111 });
  });

  describe('with video in another section’s bundle only', () => {
    const BUNDLE = 'a=group:BUNDLE 0 1';
    const only = [...video().filter((l) => !SECURITY.includes(l)), 'a=bundle-only'].map((l) => l.replace(/^m=video 9/, 'm=video 0'));

    test('gets there as that section says', () => {
      const offer = readOffer(sdp(BUNDLE, ...AUDIO, ...only));
      expect([offer.video, offer.path]).toEqual([1, 0]);
      expect(offer.ice).toEqual({ ufrag: 'abcd', pwd: 'abcdefghijklmnopqrstuv' });
      expect(offer.fingerprint.value).toBe('AA:BB');
      expect(offer.media[0]).toMatchObject({ format: '111', encoding: 'opus/48000/2' });
    });

    test('keeps sound that is bundled so', () => {
      const sound = [...AUDIO.filter((l) => !SECURITY.includes(l)), 'a=bundle-only'].map((l) => l.replace(/^m=audio 9/, 'm=audio 0'));
      const offer = readOffer(sdp('a=group:BUNDLE 1 0', ...video(), ...sound));
      expect([offer.video, offer.path, offer.audio?.opus]).toEqual([0, 0, 111]);
    });

    test.each([
      ['in no bundle', [...AUDIO, ...only]],
      ['in another bundle', ['a=group:BUNDLE 0', ...AUDIO, ...only]],
      ['with a section that is rejected', [BUNDLE, ...AUDIO.map((l) => l.replace('m=audio 9', 'm=audio 0')), ...only]],
      ['with data', [BUNDLE, 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0', ...SECURITY, ...only]],
      ['and rejected', [BUNDLE, ...AUDIO, ...only.filter((l) => l !== 'a=bundle-only')]],
    ])('is refused where that is %s', (_what, lines) => {
      expect(() => readOffer(sdp(...lines))).toThrow('OFFER_UNUSABLE');
    });
  });

  test('may write its fingerprint in small letters, which mediasoup does not compare', () => {
    expect(readOffer(sdp(...video().map((l) => l.replace('AA:BB', 'aa:bb')))).fingerprint.value).toBe('AA:BB');
  });

  test('has no use for payload types that mean G.711 here, or two things', () => {
    const at = (type: number) => [`a=rtpmap:${type} H264/90000`, `a=fmtp:${type} packetization-mode=1`];
    expect(readOffer(sdp(...video('recvonly', [...at(8), ...at(0), ...at(102)]))).h264.map((h) => h.payloadType)).toEqual([102]);
    const opus = (type: number) => AUDIO.map((l) => l.replace('111', String(type)));
    for (const type of [102, 8, 128]) expect(readOffer(sdp(...opus(type), ...video())).audio?.opus).toBeUndefined();
  });

  test('without H.264 is told so', () => {
    expect(() => readOffer(sdp(...video('recvonly', [])))).toThrow('CODEC_UNSUPPORTED');
  });
});

describe('the entry that is answered', () => {
  const { h264 } = readOffer(sdp(...video()));

  test.each([
    ['main', '4d401e', 116],
    ['baseline', '42001e', 102],
    ['constrained baseline', '42c01e', 108],
    ['high, which was not offered', '640028', 108],
  ])('for a camera of %s profile is its own, or constrained baseline', (_name, profile, payloadType) => {
    expect(chooseH264(h264, profile).payloadType).toBe(payloadType);
  });

  test('is the first one where nothing fits', () => {
    expect(chooseH264([{ payloadType: 120, profileLevelId: 'f4001f' }], '640028').payloadType).toBe(120);
  });

  test('is compared by profile, not by level', () => {
    expect(profileOf('42e00a')).toBe(profileOf('42c028'));
    expect(profileOf('640c1f')).not.toBe(profileOf('64001f'));
  });
});

test.each([
  ['a codec that is a number', ['a=rtpmap:96 264/90000']],
  ['a codec without payload type', ['a=rtpmap: H264/90000', 'a=fmtp: packetization-mode=1']],
])('%s is no H.264', (_what, codecs) => {
  expect(() => readOffer(sdp(...video('recvonly', codecs)))).toThrow(expect.objectContaining({ code: 'CODEC_UNSUPPORTED' }));
});

test('a fingerprint that is none is refused', () => {
  const lines = video().map((l) => l.replace('AA:BB', '12'));
  expect(() => readOffer(sdp(...lines).replaceAll('sha-256 12', 'sha-256 nonsense'))).toThrow(
    expect.objectContaining({ code: 'OFFER_UNUSABLE' }),
  );
});
