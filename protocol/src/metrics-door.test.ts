import { expect, it } from 'vitest';
import { mayReadMetrics } from './metrics-door.ts';

it('metrics are for this machine, and for whoever has the token', () => {
  const from = (address: string, headers: Record<string, string> = {}) => mayReadMetrics({ address, headers }, 'secret');
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((a) => from(a))).toEqual([true, true, true]);
  expect(from('192.0.2.7')).toBe(false);
  expect(from('192.0.2.7', { authorization: 'Bearer secret' })).toBe(true);
  expect(from('192.0.2.7', { authorization: 'Bearer secrets' })).toBe(false);
  expect(from('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }), 'a proxy on this machine').toBe(false);
  expect(mayReadMetrics({ address: '192.0.2.7', headers: { authorization: 'Bearer ' } }, ''), 'no token configured').toBe(false);
});
