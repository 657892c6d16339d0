import type { ConsoleCamera } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { distanceText } from '../services/time-text.ts';
import { callWords } from './alarm-queue.tsx';
import { actorText } from './case-history.tsx';
import { phoneGroups } from './phone-number.tsx';
import { firstCamera } from './picture-panel.tsx';

test('an actor is called by post, by platform, or by what it is', () => {
  expect(actorText({ by: 'console', post: '综治中心值班员' })).toBe('综治中心值班员');
  expect(actorText({ by: 'integrator:110', post: '接警员' })).toBe('110 平台 接警员');
  expect(actorText({ by: 'clock' })).toBe('系统计时');
  expect(actorText({ by: 'box' })).toBe('报警人');
});

test('the red number says what it counts', () => {
  expect(callWords(2, 0, 0)).toEqual({ word: '起未签收', more: '' });
  expect(callWords(0, 1, 1)).toEqual({ word: '起再次求助', more: '1 起已撤回，待核实' });
  expect(callWords(1, 2, 0)).toEqual({ word: '起待处理', more: '1 起未签收 · 2 起再次求助' });
});

test('distances are told to ten metres', () => {
  expect([3, 44, 995, 999, 1240].map(distanceText)).toEqual(['10 米', '40 米', '1.0 公里', '1.0 公里', '1.2 公里']);
});

test('mobile numbers are grouped for reading out, others are left alone', () => {
  expect(phoneGroups('13900000001')).toEqual(['139', '0000', '0001']);
  expect(phoneGroups('0859-555-0110')).toEqual(['0859-555-0110']);
});

test('pictures open on what the caller saw, else on the nearest that answers', () => {
  const camera = (id: string, online: boolean): ConsoleCamera => ({ id, name: id, place: id, area: '522328', householdsOf: [], online });
  const cameras = [camera('near', false), camera('far', true)];
  expect(firstCamera({ onScreen: { cameraId: 'near', pictureAt: 1 } }, cameras)).toBe('near');
  expect(firstCamera({}, cameras)).toBe('far');
  expect(firstCamera({}, [camera('near', false)])).toBe('near');
  expect(firstCamera({}, [])).toBeUndefined();
});
