import { topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { mayReceive, maySubscribe, publishRefusal } from './acl.ts';
import type { Principal } from './principal.ts';

const box: Principal = { kind: 'box', boxId: 'box-1' };
const expired: Principal = { kind: 'box', boxId: 'box-1', expired: true };
const node: Principal = { kind: 'media', node: 'm1' };
const desk: Principal = { kind: 'integrator', name: '110' };

describe('publishing', () => {
  it.each<[Principal, string, string | undefined]>([
    [box, topics.boxUp('box-1', 'alarm'), undefined],
    [box, topics.boxStatus('box-1'), undefined],
    [box, topics.boxUp('box-2', 'alarm'), 'NOT_YOUR_TOPIC'],
    [box, topics.boxStatus('box-2'), 'NOT_YOUR_TOPIC'],
    [box, topics.boxDown('box-1', 'received'), 'NOT_YOUR_TOPIC'],
    [box, 'sw/v1/box/box-1/up/unheard-of', 'UNKNOWN_TOPIC'],
    [box, 'sw/v1/box/box-1/up/alarm/more', 'UNKNOWN_TOPIC'],
    [box, 'sw/v2/box/box-1/up/alarm', 'NOT_YOUR_TOPIC'],
    [box, topics.caseCommand('20260101-0001'), 'NOT_YOUR_TOPIC'],
    [box, '$SYS/x', 'NOT_YOUR_TOPIC'],
    [box, '', 'NOT_YOUR_TOPIC'],
    [expired, topics.boxUp('box-1', 'alarm'), undefined],
    [expired, topics.boxUp('box-1', 'renew'), undefined],
    [expired, topics.boxUp('box-1', 'sync'), undefined],
    [expired, topics.boxStatus('box-1'), undefined],
    [expired, topics.boxUp('box-1', 'view'), 'CERT_EXPIRED'],
    [expired, topics.boxUp('box-2', 'alarm'), 'NOT_YOUR_TOPIC'],
    [desk, topics.caseCommand('20260101-0001'), undefined],
    [desk, topics.caseEvent('522328101201', 'opened'), 'NOT_YOUR_TOPIC'],
    [desk, topics.integratorReply('110'), 'NOT_YOUR_TOPIC'],
    [desk, topics.boxUp('box-1', 'alarm'), 'NOT_YOUR_TOPIC'],
    [node, topics.mediaUp('m1', 'hello'), undefined],
    [node, topics.mediaUp('m2', 'hello'), 'NOT_YOUR_TOPIC'],
    [node, topics.mediaDown('m1', 'revoke'), 'NOT_YOUR_TOPIC'],
    [node, 'sw/v1/media/m1/up/news', 'UNKNOWN_TOPIC'],
  ])('%o on %s → %s', (principal, topic, code) => {
    expect(publishRefusal(principal, topic)).toBe(code);
  });
});

describe('subscribing', () => {
  it.each<[Principal, string, boolean]>([
    [box, 'sw/v1/box/box-1/down/+', true],
    [box, 'sw/v1/box/box-1/down/received', true],
    [box, 'sw/v1/box/box-1/down/#', false],
    [box, 'sw/v1/box/box-2/down/+', false],
    [box, 'sw/v1/box/+/down/+', false],
    [box, 'sw/v1/box/box-1/#', false],
    [box, 'sw/v1/box/box-1/+/alarm', false],
    [box, 'sw/v1/case/522328/101/201/opened', false],
    [box, '#', false],
    [box, '+/+/+/+/+/+', false],
    [box, '$SYS/#', false],
    [node, 'sw/v1/media/m1/down/+', true],
    [node, 'sw/v1/media/+/down/+', false],
    [desk, topics.integratorReply('110'), true],
    [desk, topics.integratorReply('12345'), false],
    [desk, 'sw/v1/integrator/+/reply', false],
    [desk, 'sw/v1/case/522328/101/+/+', true],
    [desk, 'sw/v1/case/522328/101/#', true],
    [desk, 'sw/v1/case/522328/101/201/opened', true],
    [desk, 'sw/v1/case/522328/102/+/+', false],
    [desk, 'sw/v1/case/522401/+/+/+', false],
    // Wider than its area: granted, and narrowed when messages are handed over.
    [desk, topics.caseEventAny, true],
    [desk, 'sw/v1/case/522328/+/+/escalated', true],
    [desk, 'sw/v1/case/#', true],
    [desk, 'sw/v1/case/+/command', false],
    [desk, 'sw/v1/case/20260101-0001/command', false],
    [desk, 'sw/v1/+/522328/101/+/+', false],
    [desk, 'sw/v1/case', false],
    [desk, 'sw/#', false],
    [desk, '#', false],
  ])('%o to %s: %s', (principal, filter, allowed) => {
    expect(maySubscribe(principal, filter, ['522328101'])).toBe(allowed);
  });

  it('without areas there is nothing to hear', () => {
    expect(maySubscribe(desk, topics.caseEventAny, [])).toBe(false);
  });
});

describe('hearing', () => {
  const about = (silent = false) => ({ area: () => '522328101201005', silent: () => silent });
  const rights = (areas: string[], maySeeSilent = false) => ({ areas, maySeeSilent });
  it.each<[string, string[], boolean]>([
    [topics.caseEvent('522328101201', 'opened'), ['522328101'], true],
    [topics.caseEvent('522328101201', 'opened'), ['522328'], true],
    [topics.caseEvent('522328102201', 'opened'), ['522328101'], false],
    [topics.caseEvent('522328', 'opened'), ['522328101'], false],
    [topics.caseEvent('522328101201005', 'opened'), ['522328101201005'], true],
    [topics.caseEvent('522328101201005', 'opened'), ['522328101201006'], false],
    [topics.caseCommand('20260101-0001'), ['522328'], false],
    [topics.boxDown('box-1', 'received'), ['522328'], false],
    [topics.integratorReply('110'), [], true],
    [topics.integratorReply('119'), ['522328'], false],
  ])('an integrator: %s with areas %o: %s', (topic, areas, allowed) => {
    expect(mayReceive(desk, topic, rights(areas), about())).toBe(allowed);
  });

  it('a box hears what is for it, and nothing else', () => {
    expect(mayReceive(box, topics.boxDown('box-1', 'grant'), rights([]), about())).toBe(true);
    expect(mayReceive(box, topics.boxDown('box-2', 'grant'), rights([]), about())).toBe(false);
    expect(mayReceive(box, topics.caseEvent('522328101201', 'opened'), rights([]), about())).toBe(false);
  });

  it('of a silent alarm only whoever may know', () => {
    const topic = topics.caseEvent('522328101201', 'opened');
    expect(mayReceive(desk, topic, rights(['522328101']), about(true))).toBe(false);
    expect(mayReceive(desk, topic, rights(['522328101'], true), about(true))).toBe(true);
    expect(mayReceive(desk, topic, rights(['522401'], true), about(true))).toBe(false);
  });
});
