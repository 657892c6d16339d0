/** The states that the page has to look right in. */
import type { NearbyCamera, TvAlarm, TvState } from '@shouwang/protocol';

export const CAMERAS: NearbyCamera[] = [
  { id: 'gate', name: '大门口', place: '平安村3组', distanceM: 42, online: true },
  { id: 'lane', name: '村口小巷', place: '平安村3组', distanceM: 118, online: true },
  { id: 'square', name: '村委会广场', place: '平安村村委会', distanceM: 260, online: true },
  { id: 'clinic', name: '卫生院门前', place: '平安村卫生室', distanceM: 430, online: true },
  { id: 'school', name: '小学门口', place: '平安村小学', distanceM: 610, online: true },
  { id: 'river-road', name: '河边东路', place: '平安村河边东路', distanceM: 1240, online: true },
];

export function calm(change: Partial<TvState> = {}, centre: Partial<TvState['centre']> = {}): TvState {
  return {
    version: 1,
    boxId: 'box-0001',
    place: '平安村3组12号',
    keysFrom: 'page',
    claims: { stored: true, survivesPowerLoss: true, keyOutsidePage: false },
    now: Date.now(),
    testedAt: Date.now() - 86_400_000,
    centre: { connected: true, name: '平安镇综治中心', phone: '0859-555-0110', staffed: true, ...centre },
    ...change,
  };
}

function alarm(change: Partial<TvAlarm>): TvAlarm {
  const t = Date.now() - 40_000;
  return {
    id: '019ab000-0000-7000-8000-000000000001',
    pressedAt: t,
    storedAt: t + 40,
    withdrawUntil: t + 10_000,
    late: false,
    reopened: 0,
    ratingReceived: false,
    ...change,
  };
}

/** Each by the name of its screenshot. */
export function testStates(): Record<string, TvState> {
  const at = Date.now();
  return {
    'test-stored': calm({ test: { at, storedAt: at } }),
    'test-sent': calm({ test: { at, storedAt: at, sentAt: at } }),
    'test-received': calm({ test: { at, storedAt: at, sentAt: at, receivedAt: at } }),
    'test-received-flash-broken': calm({ test: { at, sentAt: at, receivedAt: at }, flashBroken: true }),
    'test-offline': calm({ test: { at, storedAt: at } }, { connected: false, staffed: undefined }),
    'test-late': calm({ test: { at, storedAt: at, late: true } }),
    'flash-broken': calm({ flashBroken: true, claims: { stored: false, survivesPowerLoss: false, keyOutsidePage: false } }),
    'flash-broken-alarm': calm({
      flashBroken: true,
      claims: { stored: false, survivesPowerLoss: false, keyOutsidePage: false },
      alarm: alarm({ storedAt: undefined, sentAt: at }),
    }),
  };
}

/** Each by the name of its screenshot. */
export function alarmStates(): Record<string, TvState> {
  const t = Date.now() - 40_000;
  const received = { sentAt: t + 90, receivedAt: t + 400, caseNo: '20261123-0007', state: 'received' as const };
  const signed = { ...received, state: 'signed' as const, post: '综治中心值班员', signedAt: t + 12_000 };
  const handling = { ...signed, state: 'handling' as const, handlingAt: t + 30_000 };
  const closed = {
    ...handling,
    state: 'closed' as const,
    closedAt: t + 39_000,
    result: '派出所和网格员到场，是邻居家的狗跑出来了，已经牵回，门也关好了。',
  };
  const open = { withdrawUntil: Date.now() + 8_000 };
  return {
    'step-1-stored': calm({ alarm: alarm(open) }),
    'step-2-sent': calm({ alarm: alarm({ ...open, sentAt: t + 90 }) }),
    'step-3-received-window': calm({ alarm: alarm({ ...open, ...received }) }),
    'step-3-received': calm({ alarm: alarm(received) }),
    'step-3-about-said': calm({ alarm: alarm({ ...received, about: 'medical' }) }),
    'step-4-signed': calm({ alarm: alarm(signed) }),
    'step-4-signed-extended': calm({
      alarm: alarm({ ...signed, extendedUntil: Date.now() + 7_200_000, pressedAgainAt: t, pressedAgainReceived: true }),
    }),
    'step-5-handling': calm({ alarm: alarm(handling) }),
    'step-6-closed': calm({ alarm: alarm(closed) }),
    'long-result': calm({ alarm: alarm({ ...closed, result: closed.result.repeat(16).slice(0, 500) }) }),
    'long-result-200': calm({ alarm: alarm({ ...closed, result: closed.result.repeat(16).slice(0, 200) }) }),
    'again-sent': calm({ alarm: alarm({ ...received, pressedAgainAt: t + 20_000 }) }),
    'again-known': calm({ alarm: alarm({ ...handling, about: 'medical', pressedAgainAt: t + 20_000, pressedAgainReceived: true }) }),
    'step-7-rating-sent': calm({ alarm: alarm({ ...closed, rating: 'satisfied' }) }),
    'step-8-thanks': calm({ alarm: alarm({ ...closed, rating: 'satisfied', ratingReceived: true }) }),
    'step-8-reopened': calm({ alarm: alarm({ ...handling, rating: 'unsolved', ratingReceived: true, reopened: 1 }) }),
    'offline-stored': calm({ alarm: alarm(open) }, { connected: false, staffed: undefined }),
    late: calm({ alarm: alarm({ late: true, sentAt: t + 90 }) }),
    'late-offline': calm(
      { alarm: alarm({ late: true }), claims: { stored: true, survivesPowerLoss: false, keyOutsidePage: false } },
      { connected: false, staffed: undefined },
    ),
    escalated: calm({ alarm: alarm({ ...received, escalatedAt: t + 30_000 }) }),
    unstaffed: calm({ alarm: alarm({ ...received, escalatedAt: t + 500 }) }, { staffed: false }),
    rejected: calm({
      alarm: alarm({ sentAt: t + 90, rejected: { code: 'BOX_REVOKED', message: '机顶盒已停用，请直接打电话', phone: '0859-555-0110' } }),
    }),
    withdrawing: calm({ alarm: alarm({ ...received, withdrawSentAt: t + 6_000 }) }),
    withdrawn: calm({ alarm: alarm({ ...received, withdrawSentAt: t + 6_000, withdrawnAt: t + 6_300 }) }),
    'again-holding': calm({ alarm: alarm(signed), gesture: { kind: 'holding', since: Date.now() - 300, holdMs: 2_000, presses: 1 } }),
  };
}
