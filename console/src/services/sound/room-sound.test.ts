import { expect, test } from 'vitest';
import { aCase, announced, TestAudio, TestClock } from '../../testing/cases.ts';
import { RoomSound } from './room-sound.ts';

function room(at: number) {
  const clock = new TestClock(at);
  const audio = new TestAudio();
  return { clock, audio, sound: new RoomSound(audio, clock.now) };
}

const call = aCase({ quietUntil: 15_000 });

test('an alarm is put on the loudspeaker’s own clock for the end of the quiet time', () => {
  const { audio, sound } = room(12_500);
  sound.update([call]);
  expect(audio.told).toEqual(['ring 2.5']);
});

test('withdrawn within the quiet time, it is never heard', () => {
  const { audio, sound } = room(12_000);
  sound.update([call]);
  sound.update([{ ...call, withdrawnAt: 13_000 }]);
  expect(audio.told).toEqual(['ring 3', 'stop']);
});

test('it rings until somebody signs', () => {
  const { audio, sound, clock } = room(16_000);
  sound.update([call]);
  clock.at = 70_000;
  sound.update([call]);
  sound.update([{ ...call, state: 'signed' }]);
  expect(audio.told).toEqual(['ring 0', 'stop']);
});

test('a second call does not begin the tone anew', () => {
  const { audio, sound } = room(20_000);
  sound.update([call]);
  sound.update([call, aCase({ caseNo: 'b', quietUntil: 19_000 })]);
  expect(audio.told).toEqual(['ring 0']);
});

test('after the ringing call is signed, one still in its quiet time waits for its own moment', () => {
  const { audio, sound } = room(20_000);
  const next = aCase({ caseNo: 'b', quietUntil: 24_000 });
  sound.update([call, next]);
  sound.update([{ ...call, state: 'signed' }, next]);
  expect(audio.told).toEqual(['ring 0', 'ring 4']);
});

test('silenced, it comes back after a minute by itself', () => {
  const { audio, sound } = room(20_000);
  sound.update([call]);
  expect(sound.silence()).toBe(true);
  expect(audio.told).toEqual(['ring 0', 'ring 60']);
  expect(sound.status.get().silencedUntil).toBe(80_000);
});

test('a silenced room rings at once for a newcomer', () => {
  const { audio, sound, clock } = room(20_000);
  sound.update([call]);
  sound.silence();
  clock.at = 30_000;
  sound.update([call, aCase({ caseNo: 'b', quietUntil: 30_000 })]);
  expect(audio.told).toEqual(['ring 0', 'ring 60', 'ring 0']);
});

test('silence can be ended early', () => {
  const { audio, sound, clock } = room(20_000);
  sound.update([call]);
  sound.silence();
  clock.at = 30_000;
  sound.unsilence();
  expect(audio.told.at(-1)).toBe('ring 0');
  expect(sound.status.get().silencedUntil).toBeUndefined();
});

test('nothing rings, nothing is silenced', () => {
  const { audio, sound } = room(12_000);
  sound.update([call]);
  expect(sound.silence()).toBe(false);
  expect(audio.told).toEqual(['ring 3']);
});

test('a loudspeaker that was held up rings as soon as it is let go', () => {
  const { audio, sound, clock } = room(14_000);
  audio.becomes('suspended');
  sound.update([call]);
  expect(sound.status.get().audio).toBe('suspended');
  clock.at = 40_000;
  audio.becomes('running');
  expect(audio.told).toEqual(['ring 1', 'ring 0']);
});

test('a small correction of the centre’s clock does not restart the tone', () => {
  const { audio, sound, clock } = room(12_000);
  sound.update([call]);
  clock.at = 12_050;
  sound.update([{ ...call }]);
  expect(audio.told).toEqual(['ring 3']);
});

test('a withdrawal of an unsigned call sounds once and softly', () => {
  const { audio, sound } = room(20_000);
  sound.notice([announced(2, 'withdrawn', { ...call, withdrawnAt: 20_000 })]);
  sound.notice([announced(3, 'withdrawn', aCase({ state: 'handling', withdrawnAt: 20_000 }))]);
  sound.notice([announced(4, 'noted', { ...call, withdrawnAt: 20_000 })]);
  expect(audio.told).toEqual(['play notice']);
});

test('a case that calls again rings like a new one until a person does something', () => {
  const { audio, sound } = room(20_000);
  const again = aCase({ state: 'signed', presses: 2, alertedAt: 20_000 });
  sound.update([again]);
  sound.update([{ ...again, alertedAt: undefined }]);
  expect(audio.told).toEqual(['ring 0', 'stop']);
});
