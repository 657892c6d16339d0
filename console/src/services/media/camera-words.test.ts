import { expect, it } from 'vitest';
import { cameraFaultText } from './camera-words.ts';

it('what is wrong with a camera is said in plain words, and of an absent node only that it is absent', () => {
  expect(cameraFaultText({ online: true })).toBe('');
  expect(cameraFaultText({ online: true, fault: { fault: 'black', since: 1 } })).toBe('画面全黑');
  expect(cameraFaultText({ online: true, fault: { fault: 'refused', since: 1, detail: 'wrong password' } })).toBe('摄像头不让连接');
  expect(cameraFaultText({ online: false, fault: { fault: 'black', since: 1 } })).toBe('视频节点离线');
});
