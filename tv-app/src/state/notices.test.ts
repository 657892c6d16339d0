import { describe, expect, it } from 'vitest';
import { PHONE, stateWith, T0 } from '../testing/states.ts';
import { centreLine, linkBanner } from './link-notice.ts';
import { ANSWER_WITHIN_MS, ASK_AFTER_MS, stillWatching } from './still-watching.ts';

describe('the link to the box’s service', () => {
  it('lost: the key does not work, and whom to ring', () => {
    expect(linkBanner('lost', PHONE, 60_000)).toMatchObject({ tone: 'bad', text: '报警键现在不起作用', call: `有急事请打电话 ${PHONE}` });
  });
  it('has three seconds at the start, with the number on the screen', () => {
    expect(linkBanner('starting', PHONE, 100)).toMatchObject({ tone: 'wait', call: expect.stringContaining(PHONE) });
    expect(linkBanner('starting', PHONE, 3_000)?.tone).toBe('bad');
  });
  it('up: nothing', () => {
    expect(linkBanner('up', PHONE, 0)).toBeUndefined();
  });
});

describe('the line about the centre', () => {
  it('says whether anybody is there only when the centre said so', () => {
    expect(centreLine(stateWith())?.text).toBe('中心有人值班');
    expect(centreLine(stateWith({}, { staffed: false }))?.text).toBe('中心现在没有人值班');
    expect(centreLine(stateWith({}, { staffed: undefined }))?.text).toBe('已连上中心');
  });
  it('promises to keep an alarm only where the box can', () => {
    const claims = { stored: false, survivesPowerLoss: false, keyOutsidePage: false };
    expect(centreLine(stateWith({}, { connected: false }))?.text).toContain('先记下');
    expect(centreLine(stateWith({ claims }, { connected: false }))?.text).not.toContain('记下');
  });
});

describe('还在看吗？', () => {
  it('asks after ten minutes, counts half a minute down, then leaves', () => {
    expect(stillWatching(T0, T0 + ASK_AFTER_MS - 1)).toEqual({ kind: 'no' });
    expect(stillWatching(T0, T0 + ASK_AFTER_MS)).toEqual({ kind: 'ask', secondsLeft: 30 });
    expect(stillWatching(T0, T0 + ASK_AFTER_MS + 29_500)).toEqual({ kind: 'ask', secondsLeft: 1 });
    expect(stillWatching(T0, T0 + ASK_AFTER_MS + ANSWER_WITHIN_MS)).toEqual({ kind: 'leave' });
  });
});
