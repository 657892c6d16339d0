import { describe, expect, test } from 'vitest';
import { readDescription } from './sdp.ts';

const findVideo = (text: string, base: string) => readDescription(text, base).video;

const AUDIO = ['m=audio 0 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=control:track2'];
const VIDEO = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0IAHg==,aM4xsg==; profile-level-id=42001e',
  'a=control:track1',
];

function sdp(...lines: string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=x', 't=0 0', ...lines, ''].join('\r\n');
}

describe('a session description', () => {
  test('gives the H.264 video among other media', () => {
    const video = findVideo(sdp('a=control:*', ...AUDIO, ...VIDEO), 'rtsp://h/live');
    expect(video).toMatchObject({ control: 'rtsp://h/live/track1', payloadType: 96, clockRate: 90_000 });
    expect(video.parameterSets.map((n) => n[0]! & 31)).toEqual([7, 8]);
  });

  test('without parameter sets is fine: they come in the stream', () => {
    expect(findVideo(sdp('m=video 0 RTP/AVP 97', 'a=rtpmap:97 h264/90000'), 'rtsp://h/live')).toMatchObject({
      control: 'rtsp://h/live',
      payloadType: 97,
      parameterSets: [],
    });
  });

  test('with other video only says which', () => {
    expect(() => findVideo(sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000'), 'rtsp://h/')).toThrow(
      'CODEC_UNSUPPORTED: the camera sends MP4V-ES',
    );
  });

  test('without video is of no use', () => {
    expect(() => findVideo(sdp(...AUDIO), 'rtsp://h/')).toThrow('CAMERA_OFFLINE');
    expect(() => findVideo('', 'rtsp://h/')).toThrow('CAMERA_OFFLINE');
  });
});

describe('a control address', () => {
  test.each([
    ['rtsp://h/live', '*', 'track1', 'rtsp://h/live/track1'],
    ['rtsp://h/live/', undefined, 'track1', 'rtsp://h/live/track1'],
    ['rtsp://h/live?sub=1', '*', 'track1', 'rtsp://h/live?sub=1/track1'],
    ['rtsp://h/live', 'rtsp://h/other/', 'track1', 'rtsp://h/other/track1'],
    ['rtsp://h/live', '*', 'rtsp://10.0.0.9/live/t', 'rtsp://10.0.0.9/live/t'],
    ['rtsp://h/live', '*', undefined, 'rtsp://h/live'],
    ['rtsp://h/live', '*', '1', 'rtsp://h/live/1'],
    ['rtsp://h/live', '*', 'a b', 'rtsp://h/live'],
  ])('of base %s, session %s, medium %s is %s', (base, session, media, expected) => {
    const lines = [
      ...(session ? [`a=control:${session}`] : []),
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      ...(media ? [`a=control:${media}`] : []),
    ];
    expect(findVideo(sdp(...lines), base).control).toBe(expected);
  });
});

test('a clock rate of nothing is the one that H.264 has; a codec that is a number is none', () => {
  const sdp = (map: string) =>
    ['v=0', 'o=- 0 0 IN IP4 0.0.0.0', 's=-', 't=0 0', 'm=video 0 RTP/AVP 96', `a=rtpmap:96 ${map}`, ''].join('\r\n');
  expect(findVideo(sdp('H264/0'), 'rtsp://c/').clockRate).toBe(90_000);
  expect(() => findVideo(sdp('264/90000'), 'rtsp://c/')).toThrow(expect.objectContaining({ code: 'CODEC_UNSUPPORTED' }));
});

describe('the sound', () => {
  const audio = (...lines: string[]) => readDescription(sdp(...VIDEO, ...lines), 'rtsp://h/live');

  test('of G.711 may have its static number and nothing else', () => {
    expect(audio('m=audio 0 RTP/AVP 0', 'a=control:track2').audio).toMatchObject({
      control: 'rtsp://h/live/track2',
      payloadType: 0,
      clockRate: 8000,
      format: { codec: 'pcmu', sampleRate: 8000, channels: 1 },
    });
    expect(audio(...AUDIO).audio).toMatchObject({ payloadType: 8, format: { codec: 'pcma' } });
  });

  test('of AAC brings its configuration', () => {
    const fmtp = 'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408';
    expect(audio('m=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/16000', fmtp).audio).toMatchObject({
      clockRate: 16_000,
      format: { codec: 'aac', sampleRate: 16_000, channels: 1 },
      layout: { size: 13, index: 3, indexDelta: 3 },
    });
  });

  test.each([
    ['MP4A-LATM', ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 MP4A-LATM/44100/2', 'a=fmtp:97 cpresent=0;config=400024203fc0']],
    ['AAC without its configuration', ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 mpeg4-generic/16000']],
    ['G726-32', ['m=audio 0 RTP/AVP 2', 'a=rtpmap:2 G726-32/8000']],
  ])('of %s is left out, and that is said', (_what, lines) => {
    expect(audio(...lines)).toMatchObject({
      audio: undefined,
      withoutSound: expect.stringMatching(/^without sound: .*(MP4A-LATM|MPEG4|G726)/),
    });
  });

  test('that is not there needs no word', () => {
    expect(audio()).toMatchObject({ audio: undefined, withoutSound: undefined });
  });
});

test('H.265 is found with its three kinds of parameter sets', () => {
  const lines = ['m=video 0 RTP/AVP 98', 'a=rtpmap:98 H265/90000', 'a=fmtp:98 sprop-vps=QAEMAf//; sprop-sps=QgEBAWAA; sprop-pps=RAHBcrRi'];
  const video = findVideo(sdp(...lines), 'rtsp://h/');
  expect(video.format.codec).toBe('h265');
  expect(video.parameterSets.map((n) => (n[0]! >> 1) & 63)).toEqual([32, 33, 34]);
});
