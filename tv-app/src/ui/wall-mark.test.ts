import type { SessionHandle } from '@shouwang/player';
import { expect, test } from 'vitest';
import { WallMark } from './wall-mark.ts';

test('the wall carries the mark from the first picture on, and leaves it to the player on the live page', async () => {
  const log: string[] = [];
  const mark = new WallMark({ style: {} } as HTMLElement, (_place, viewer) => {
    log.push(`draws ${viewer}`);
    return () => log.push('erases');
  });
  mark.show(true);
  expect(log).toEqual([]);
  const open = mark.learnsFrom(async () => ({ viewer: 'box-0001' }) as SessionHandle);
  await open({ cameraId: 'gate', token: 't', mediaUrl: 'http://node', expiresAt: 0 });
  mark.show(true);
  mark.show(false);
  mark.show(true);
  expect(log).toEqual(['draws box-0001', 'erases', 'draws box-0001']);
});

test('beside a panel it keeps to the pictures: no word of an alarm is crossed', () => {
  const place = { style: {} } as HTMLElement;
  const mark = new WallMark(place, () => () => undefined);
  mark.show(true, true);
  expect(place.style.width).toBe('53.125%');
  mark.show(true);
  expect(place.style.width).toBe('100%');
});
