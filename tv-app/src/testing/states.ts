/** States and alarms to start from in tests. */
import type { NearbyCamera, TvAlarm, TvState } from '@shouwang/protocol';

export const T0 = 1_790_000_000_000;
export const PHONE = '0859-555-0110';

export function stateWith(change: Partial<TvState> = {}, centre: Partial<TvState['centre']> = {}): TvState {
  return {
    version: 1,
    boxId: 'box-0001',
    place: '平安村3组12号',
    keysFrom: 'page',
    claims: { stored: true, survivesPowerLoss: true, keyOutsidePage: false },
    now: T0,
    testedAt: T0 - 86_400_000,
    centre: { connected: true, name: '平安镇综治中心', phone: PHONE, staffed: true, ...centre },
    ...change,
  };
}

export function alarmWith(change: Partial<TvAlarm> = {}): TvAlarm {
  return {
    id: '019ab000-0000-7000-8000-000000000001',
    pressedAt: T0 - 5_000,
    withdrawUntil: T0 - 2_000,
    late: false,
    reopened: 0,
    ratingReceived: false,
    ...change,
  };
}

export const FACTS = {
  stored: { storedAt: T0 - 4_950 },
  sent: { storedAt: T0 - 4_950, sentAt: T0 - 4_900 },
  received: { storedAt: T0 - 4_950, sentAt: T0 - 4_900, receivedAt: T0 - 4_700, caseNo: '20261123-0007', state: 'received' },
  signed: {
    storedAt: T0 - 4_950,
    sentAt: T0 - 4_900,
    receivedAt: T0 - 4_700,
    caseNo: '20261123-0007',
    state: 'signed',
    signedAt: T0 - 3_000,
    post: '综治中心值班员',
  },
  handling: {
    storedAt: T0 - 4_950,
    sentAt: T0 - 4_900,
    receivedAt: T0 - 4_700,
    caseNo: '20261123-0007',
    state: 'handling',
    signedAt: T0 - 3_000,
    handlingAt: T0 - 2_000,
    post: '综治中心值班员',
  },
  closed: {
    storedAt: T0 - 4_950,
    sentAt: T0 - 4_900,
    receivedAt: T0 - 4_700,
    caseNo: '20261123-0007',
    state: 'closed',
    signedAt: T0 - 3_000,
    handlingAt: T0 - 2_000,
    closedAt: T0 - 1_000,
    post: '综治中心值班员',
    result: '网格员到场，已处理',
  },
} as const satisfies Record<string, Partial<TvAlarm>>;

export function camera(id: string, change: Partial<NearbyCamera> = {}): NearbyCamera {
  return { id, name: `路口${id.slice(0, 2)}`, place: '平安村3组', distanceM: 42, online: true, ...change };
}
