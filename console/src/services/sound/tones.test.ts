import { expect, test } from 'vitest';
import { renderTone, TONES, type ToneName, toneLength } from './tones.ts';

test.each(Object.keys(TONES) as ToneName[])('%s has its length, is heard, and does not clip', (name) => {
  const samples = renderTone(name, 8000);
  expect(samples.length).toBe(Math.round(toneLength(name) * 8000));
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak).toBeGreaterThan(0.5);
  expect(peak).toBeLessThanOrEqual(1);
});

test('the alarm ends in a rest, so that its repetition is heard as one', () => {
  expect(
    renderTone('alarm', 8000)
      .slice(-4000)
      .every((sample) => sample === 0),
  ).toBe(true);
});
