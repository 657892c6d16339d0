import { describe, expect, test } from 'vitest';
import { readFragment } from './sdp-fragment.ts';

const PWD = 'abcdefghijklmnopqrstuv';

function lines(...text: string[]): string {
  return text.map((l) => `${l}\r\n`).join('');
}

describe('a fragment', () => {
  test('of candidates says which ICE session they belong to, and which sections', () => {
    const text = lines(
      'a=ice-options:trickle ice2',
      'a=group:BUNDLE 0 1',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=mid:0',
      'a=ice-ufrag:EsAw',
      `a=ice-pwd:${PWD}`,
      'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1',
      'a=end-of-candidates',
    );
    expect(readFragment(text)).toEqual({ ufrag: 'EsAw', pwd: PWD, mids: ['0'] });
  });

  test('may say its credentials before its sections', () => {
    expect(readFragment(`a=ice-ufrag:EsAw\na=ice-pwd:${PWD}\n`)).toEqual({ ufrag: 'EsAw', pwd: PWD, mids: [] });
  });

  test.each([
    ['nothing', ''],
    ['a whole SDP', lines('v=0', 'a=ice-ufrag:EsAw', `a=ice-pwd:${PWD}`)],
    ['JSON', '{"candidate":""}'],
    ['no credentials', lines('a=candidate:1 1 udp 1 192.0.2.1 1 typ host')],
    ['half of the credentials', lines('a=ice-ufrag:EsAw')],
    ['short credentials', lines('a=ice-ufrag:EsA', `a=ice-pwd:${PWD}`)],
    ['two ICE sessions', lines('a=ice-ufrag:EsAw', `a=ice-pwd:${PWD}`, 'a=ice-ufrag:Other')],
    ['too many lines', lines(...Array.from({ length: 300 }, () => 'a=x:1'))],
  ])('of %s is refused', (_what, text) => {
    expect(() => readFragment(text)).toThrow('BAD_PAYLOAD');
  });
});
