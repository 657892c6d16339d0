import { describe, expect, test } from 'vitest';
import { parseFfmpegUrl, withoutAddresses } from './address.ts';

describe('an address for ffmpeg', () => {
  test('of a listed protocol is handed over as one argument, with what it may open', () => {
    expect(parseFfmpegUrl('ffmpeg:rtmp://192.0.2.1/live/gate').args.slice(-2)).toEqual(['-i', 'rtmp://192.0.2.1/live/gate']);
    const { args } = parseFfmpegUrl('ffmpeg:http://192.0.2.1/live.m3u8', ['http']);
    expect(args.slice(0, 2)).toEqual(['-protocol_whitelist', 'http,tcp,crypto']);
  });

  test.each([
    'ffmpeg:-f lavfi -i testsrc',
    'ffmpeg:-i http://192.0.2.1/',
    'ffmpeg:http://192.0.2.1/ -f null',
    'ffmpeg:http://192.0.2.1/\n-y',
    'ffmpeg:concat:http://192.0.2.1/a|http://192.0.2.1/b',
    'ffmpeg:pipe:0',
    'ffmpeg:/etc/passwd',
    'ffmpeg:lavfi://testsrc',
    'ffmpeg:subfile,,start,0,end,0,,:http://192.0.2.1/',
    'ffmpeg:constructor://x',
    'ffmpeg:',
    'http://192.0.2.1/',
  ])('%j is none', (url) => {
    expect(() => parseFfmpegUrl(url, ['http', 'file'])).toThrow('CONFIG_INVALID: expected ffmpeg: and an address');
  });

  test('of a file or of another protocol has to be allowed first', () => {
    expect(() => parseFfmpegUrl('ffmpeg:file:///etc/passwd')).toThrow('found file');
    expect(() => parseFfmpegUrl('ffmpeg:udp://192.0.2.1:5000')).toThrow('found udp');
    expect(parseFfmpegUrl('ffmpeg:file:///srv/loop.mp4', ['file']).args).toEqual([
      '-protocol_whitelist',
      'file',
      '-re',
      '-i',
      'file:///srv/loop.mp4',
    ]);
  });

  test.each([
    ['http://192.0.2.1/hls/live.m3u8?key=1', true],
    ['https://192.0.2.1/loop.MP4', true],
    ['http://192.0.2.1/live.ts', false],
    ['rtmp://192.0.2.1/live/gate', false],
  ])('%s: read no faster than it plays: %s', (address, paced) => {
    expect(parseFfmpegUrl(`ffmpeg:${address}`).args.includes('-re')).toBe(paced);
  });

  test('with a password shows it nowhere', () => {
    expect(parseFfmpegUrl('ffmpeg:rtsp://u:p@ss@192.0.2.1/live?token=1').loggable).toBe('rtsp://192.0.2.1/live');
    expect(() => parseFfmpegUrl('ffmpeg:ftp://u:secret@h/')).not.toThrow('secret');
    const words = "rtmp://u:p@h/live/KEY?token=abc: Connection refused\n[tcp @ 0x1] to tcp://10.0.0.1:1935 failed 'http://h/x?y'";
    expect(withoutAddresses(words)).toBe("… Connection refused\n[tcp @ 0x1] to … failed '…'");
  });
});
