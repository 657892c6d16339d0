import { describe, expect, test } from 'vitest';
import { loggableUrl, parseRtspUrl } from './url.ts';

describe('an address', () => {
  test('gives host, port, what to ask for, and who we are', () => {
    expect(parseRtspUrl('rtsp://admin:pa%40ss@192.0.2.4:8554/Streaming/101?a=1')).toEqual({
      host: '192.0.2.4',
      port: 8554,
      uri: 'rtsp://192.0.2.4:8554/Streaming/101?a=1',
      credentials: { user: 'admin', password: 'pa@ss' },
    });
  });

  test('has port 554 and path / where it says nothing', () => {
    expect(parseRtspUrl('rtsp://cam.example')).toEqual({
      host: 'cam.example',
      port: 554,
      uri: 'rtsp://cam.example/',
      credentials: undefined,
    });
  });

  test('may have # @ : and a stray % in the password', () => {
    expect(parseRtspUrl('rtsp://u:p@s#:100%@h/x').credentials).toEqual({ user: 'u', password: 'p@s#:100%' });
  });

  test('may be IPv6', () => {
    expect(parseRtspUrl('rtsp://[2001:db8::1]:554/a')).toMatchObject({ host: '2001:db8::1', uri: 'rtsp://[2001:db8::1]:554/a' });
  });

  test.each([
    'http://h/x',
    'rtsp://',
    'rtsp://h:0/x',
    'rtsp://h:99999/x',
    'rtsp://h/x y',
    'rtsp://h/x\r\nEvil: 1',
    'rtsp://u:secret/word@h/x',
  ])('that is none (%j) is refused without being repeated', (text) => {
    expect(() => parseRtspUrl(text)).toThrow('CONFIG_INVALID');
    expect(() => parseRtspUrl(text)).not.toThrow(/secret|Evil/);
  });
});

test('what is logged of an address holds no user, password or query', () => {
  expect(loggableUrl('rtsp://u:secret@h:1/x?user=u&password=secret')).toBe('rtsp://h:1/x');
  expect(loggableUrl('rtsp://u:sec/ret@h:1/x')).toBe('(not an address)');
});
