import { expect, test } from 'vitest';
import { withPlayoutDelay } from './playout-delay.ts';

const URI = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';
const sdp = (...lines: string[]) => ['v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', ...lines, ''].join('\r\n');

test('the extension gets the relay’s number, and what had that number the browser’s', () => {
  const offer = sdp('a=extmap:1 urn:ietf:params:rtp-hdrext:toffset', `a=extmap:5 ${URI}`, 'a=extmap:11/recvonly urn:x');
  expect(withPlayoutDelay(offer)).toBe(
    sdp('a=extmap:1 urn:ietf:params:rtp-hdrext:toffset', `a=extmap:11 ${URI}`, 'a=extmap:5/recvonly urn:x'),
  );
});

test('an offer that has the number, or knows no such extension, stays as it is', () => {
  for (const offer of [sdp(`a=extmap:11 ${URI}`, 'a=extmap:5 urn:x'), sdp('a=extmap:11 urn:x')])
    expect(withPlayoutDelay(offer)).toBe(offer);
});
