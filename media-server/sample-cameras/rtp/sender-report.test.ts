import { expect, it } from 'vitest';
import { readRtcp } from '../../src/ingest/rtp/rtcp.ts';
import { rtpTimeOf, senderReport } from './sender-report.ts';

it('ties the RTP clock to the wall clock', () => {
  const at = 1_795_464_521_302;
  const report = readRtcp(senderReport(at, 4_000_000_000, { ssrc: 0xdeadbeef, packets: 10, octets: 1000 }, 'gate@shouwang')).report!;
  expect(report.ssrc).toBe(0xdeadbeef);
  expect(report.ntpMs).toBeCloseTo(at, 2);
  expect(report.timestamp).toBe(rtpTimeOf(at, 4_000_000_000));
});

it('a second is 90,000 ticks, also where the timestamp wraps', () => {
  const at = 1_795_464_521_302;
  for (const base of [0, 2 ** 32 - 1, 2 ** 31]) {
    const ticks = (rtpTimeOf(at + 1000, base) - rtpTimeOf(at, base) + 2 ** 32) % 2 ** 32;
    expect(ticks).toBe(90_000);
  }
});
