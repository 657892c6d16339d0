import type { TvAlarm } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { alarmWith, FACTS, PHONE, stateWith, T0 } from '../testing/states.ts';
import { TRUTH } from '../words.ts';
import { alarmTruth, asksAbout, asksRating, isOver, mayDismiss, mayWithdraw } from './alarm-truth.ts';

const truth = (alarm: Partial<TvAlarm>, centre = {}, claims = {}) =>
  alarmTruth(
    stateWith({ claims: { stored: true, survivesPowerLoss: true, keyOutsidePage: false, ...claims } }, centre),
    alarmWith(alarm),
    true,
  );

describe('the truth line, word for word', () => {
  const table: [string, Partial<TvAlarm>, string, string][] = [
    ['pressed, not on flash yet', {}, 'pressed', '正在记下'],
    ['on flash', FACTS.stored, 'stored', '已记下'],
    ['handed to the network', FACTS.sent, 'sent', '已发出'],
    ['committed at the centre', FACTS.received, 'received', '中心已收到，等待值班员'],
    ['signed', FACTS.signed, 'signed', '值班员看到了'],
    ['somebody set out', FACTS.handling, 'handling', '有人正在赶来'],
    ['closed', FACTS.closed, 'closed', '处理完了，解决了吗？'],
    ['rated, on its way', { ...FACTS.closed, rating: 'satisfied' }, 'closed', '正在把您的回答告诉中心'],
    ['rated, at the centre', { ...FACTS.closed, rating: 'fair', ratingReceived: true }, 'rated', '谢谢您的评价'],
    ['not solved, at the centre', { ...FACTS.closed, rating: 'unsolved', ratingReceived: true }, 'reopened', '已通知中心继续处理'],
    ['brought back', { ...FACTS.handling, reopened: 1 }, 'reopened', '已通知中心继续处理'],
    ['closed a second time', { ...FACTS.closed, reopened: 1 }, 'closed', '处理完了，解决了吗？'],
    ['withdrawn, on its way', { ...FACTS.received, withdrawSentAt: T0 }, 'withdrawn', '您撤回了，正在告诉中心'],
    ['withdrawn, at the centre', { ...FACTS.received, withdrawSentAt: T0, withdrawnAt: T0 }, 'withdrawn', '已撤回，中心知道了'],
    ['withdrawn and closed', { ...FACTS.closed, withdrawSentAt: T0, withdrawnAt: T0 }, 'closed', '处理完了'],
    ['late', { ...FACTS.sent, late: true }, 'sent', '中心还没收到，正在重发'],
    [
      'refused',
      { ...FACTS.sent, rejected: { code: 'BOX_REVOKED', message: '机顶盒已停用', phone: '110' } },
      'rejected',
      '中心没有接受这次报警',
    ],
  ];
  it.each(table)('%s', (_what, alarm, phase, headline) => {
    expect(truth(alarm)).toMatchObject({ phase, headline });
  });
});

describe('an indication is never ahead of the fact', () => {
  const order = [TRUTH.pressed, TRUTH.stored, TRUTH.sent, TRUTH.received, TRUTH.signed, TRUTH.handling, TRUTH.closed];
  const facts: Partial<TvAlarm>[] = [{}, FACTS.stored, FACTS.sent, FACTS.received, FACTS.signed, FACTS.handling, FACTS.closed];
  it.each(facts.map((f, i) => [i, f] as const))('with %i facts no later word is shown', (i, alarm) => {
    const shown = truth(alarm);
    const text = [shown.headline, ...shown.lines].join();
    for (const later of order.slice(i + 1)) expect(text).not.toContain(later);
  });

  it('sent without flash is not called stored', () => {
    expect(truth({ sentAt: T0 }).headline).toBe('已发出');
  });

  it('a case that "not solved" brought back does not claim that somebody has set out again', () => {
    expect(truth({ ...FACTS.handling, reopened: 1 }).headline).not.toBe(TRUTH.handling);
  });

  it('thanks only once the centre has the answer', () => {
    expect(truth({ ...FACTS.closed, rating: 'satisfied' }).headline).not.toBe(TRUTH.thanks);
  });

  it('escalation is said only when it happened', () => {
    expect(truth(FACTS.received, { staffed: false }).lines.join()).not.toContain('上一级');
    expect(truth({ ...FACTS.received, escalatedAt: T0 }).lines.join()).toContain('上一级');
  });
});

describe('what else is said', () => {
  it('nobody on duty', () => {
    expect(truth(FACTS.received, { staffed: false }).lines[0]).toBe('中心现在没有人值班');
    expect(truth({ ...FACTS.received, escalatedAt: T0 }, { staffed: false }).lines[0]).toBe('中心现在没有人值班，已经报给上一级');
  });
  it('whether anybody is on duty is not claimed while the centre cannot be reached', () => {
    expect(truth(FACTS.received, { connected: false, staffed: false }).lines.join()).not.toContain('没有人值班');
  });
  it('late and unreachable: says so, that it keeps trying, and to ring', () => {
    const line = truth({ late: true }, { connected: false }).lines.join();
    expect(line).toContain('连不上中心');
    expect(line).toContain('一直重发');
    expect(line).toContain('打电话');
  });
  it('storage that a power cut would lose: the power must stay on', () => {
    expect(truth(FACTS.stored, { connected: false }, { survivesPowerLoss: false }).lines.join()).toContain('电源');
    expect(truth(FACTS.stored, { connected: false }).lines.join()).not.toContain('电源');
  });
  it('who has seen it, by post', () => {
    expect(truth(FACTS.signed).lines[0]).toBe('综治中心值班员看到了您的报警');
  });
  it('that somebody was sent, not by whom: who signed it need not be who sent them', () => {
    expect(truth(FACTS.handling).lines[0]).toBe('已安排人处理');
  });
  it('an extension with its time', () => {
    expect(truth({ ...FACTS.signed, extendedUntil: T0 + 60_000 }).lines[1]).toMatch(/需要多一点时间，.*前处理好/);
  });
  it('a refusal names whom to ring', () => {
    const shown = truth({ ...FACTS.sent, rejected: { code: 'BOX_UNKNOWN', message: '机顶盒未登记', phone: '110' } });
    expect(shown.phone).toBe('110');
    expect(shown.lines).toEqual(['机顶盒未登记', '请马上打电话']);
  });
  it('the telephone number is there in every state', () => {
    for (const facts of Object.values(FACTS)) expect(truth(facts).phone).toBe(PHONE);
    expect(truth({}).phone).toBe(PHONE);
  });
  it('with the bridge gone, it says that this is how it was', () => {
    const shown = alarmTruth(stateWith(), alarmWith(FACTS.signed), false);
    expect(shown.headline).toBe('值班员看到了');
    expect(shown.lines[0]).toContain('断开前');
    expect(shown.lines[1]).toBe('着急请打电话');
  });
  it('with the bridge gone, nothing is called under way any more', () => {
    for (const alarm of [
      {},
      FACTS.stored,
      FACTS.sent,
      { ...FACTS.sent, late: true },
      { ...FACTS.received, withdrawSentAt: T0 },
      { ...FACTS.closed, rating: 'fair' as const },
    ]) {
      const shown = alarmTruth(stateWith(), alarmWith(alarm), false);
      expect([shown.headline, ...shown.lines].join()).not.toMatch(/正在|马上发|一直/);
    }
  });
});

describe('what may be done', () => {
  it('withdraw only within the window and while it is open', () => {
    const alarm = alarmWith({ ...FACTS.received, withdrawUntil: T0 + 3_000 });
    expect(mayWithdraw(alarm, T0)).toBe(true);
    expect(mayWithdraw(alarm, T0 + 3_000)).toBe(false);
    expect(mayWithdraw({ ...alarm, withdrawSentAt: T0 }, T0)).toBe(false);
    expect(mayWithdraw({ ...alarm, rejected: { code: 'X', message: '', phone: '' } }, T0)).toBe(false);
  });
  it('say what it is about once the centre has it, not before, not after', () => {
    expect(asksAbout(alarmWith(FACTS.sent))).toBe(false);
    expect(asksAbout(alarmWith(FACTS.received))).toBe(true);
    expect(asksAbout(alarmWith(FACTS.closed))).toBe(false);
  });
  it('rate a closed alarm once', () => {
    expect(asksRating(alarmWith(FACTS.closed))).toBe(true);
    expect(asksRating(alarmWith({ ...FACTS.closed, rating: 'fair' }))).toBe(false);
    expect(asksRating(alarmWith({ ...FACTS.closed, withdrawSentAt: T0, withdrawnAt: T0 }))).toBe(false);
    expect(asksRating(alarmWith(FACTS.handling))).toBe(false);
  });
  it('put away only when the centre has the last word', () => {
    expect(mayDismiss(alarmWith(FACTS.handling))).toBe(false);
    expect(mayDismiss(alarmWith({ ...FACTS.closed, rating: 'fair' }))).toBe(false);
    expect(mayDismiss(alarmWith({ ...FACTS.closed, rating: 'fair', ratingReceived: true }))).toBe(true);
    expect(mayDismiss(alarmWith({ ...FACTS.closed, rating: 'unsolved', ratingReceived: true }))).toBe(false);
    expect(mayDismiss(alarmWith({ rejected: { code: 'X', message: '', phone: '' } }))).toBe(true);
    expect(mayDismiss(alarmWith({ withdrawSentAt: T0 }))).toBe(false);
    expect(mayDismiss(alarmWith({ withdrawSentAt: T0, withdrawnAt: T0 }))).toBe(true);
  });
  it('a new press is a new alarm after rejected, withdrawn, closed', () => {
    expect(isOver(alarmWith(FACTS.handling))).toBe(false);
    expect(isOver(alarmWith(FACTS.closed))).toBe(true);
    expect(isOver(alarmWith({ withdrawSentAt: T0 }))).toBe(true);
  });
});
