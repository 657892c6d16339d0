import { expect, test } from 'vitest';
import { readTransport } from './transport.ts';

test.each([
  ['RTP/AVP/TCP;unicast;interleaved=2-3', { interleaved: { rtp: 2, rtcp: 3 }, tcp: true }],
  ['RTP/AVP/TCP;interleaved=4', { interleaved: { rtp: 4, rtcp: 5 }, tcp: true }],
  ['RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971', { server: { rtp: 6970, rtcp: 6971 }, tcp: false, source: undefined }],
  ['RTP/AVP/UDP;unicast;source=192.0.2.7;server_port=6970', { server: { rtp: 6970, rtcp: 6971 }, source: '192.0.2.7' }],
  ['RTP/AVP;unicast;server_port=0-1', { server: undefined }],
  ['RTP/AVP;unicast;server_port=70000-70001', { server: undefined }],
  ['RTP/AVP;unicast;source=evil.example;server_port=6970-6971', { source: undefined }],
  ['', { interleaved: undefined, server: undefined, tcp: false }],
])('%j is read', (text, expected) => {
  expect(readTransport(text)).toMatchObject(expected);
});
