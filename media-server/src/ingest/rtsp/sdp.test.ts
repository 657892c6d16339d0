import { describe, expect, test } from 'vitest';
import { findVideo, resolveControl } from './sdp.ts';

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
    expect(() => findVideo(sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000'), 'rtsp://h/')).toThrow(
      'CODEC_UNSUPPORTED: the camera sends H265',
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
  ])('of base %s, session %s, medium %s is %s', (base, session, media, expected) => {
    expect(resolveControl(base, session, media)).toBe(expected);
  });
});

test('a clock rate of nothing is the one that H.264 has; a codec that is a number is none', () => {
  const sdp = (map: string) =>
    ['v=0', 'o=- 0 0 IN IP4 0.0.0.0', 's=-', 't=0 0', 'm=video 0 RTP/AVP 96', `a=rtpmap:96 ${map}`, ''].join('\r\n');
  expect(findVideo(sdp('H264/0'), 'rtsp://c/').clockRate).toBe(90_000);
  expect(() => findVideo(sdp('264/90000'), 'rtsp://c/')).toThrow(expect.objectContaining({ code: 'CODEC_UNSUPPORTED' }));
});
