/** ④ What boxes send: alarms and what follows them, questions after a reconnect, wishes to watch. */
import type { CaseRated } from '@shouwang/protocol';
import { CodedError, makeEvent, topics, type UpKind } from '@shouwang/protocol';
import type { CaseCommand } from '../cases/case.ts';
import { progressData } from '../cases/messages.ts';
import type { BoxEntry } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import type { IntakeContext } from './context.ts';
import { contentDigest, readMessage } from './read-message.ts';
import { takeRenewal } from './renewal-intake.ts';

/** Kinds that the box keeps in its outbox until they are answered. */
export const ANSWERED_KINDS: readonly UpKind[] = ['alarm', 'withdraw', 'detail', 'rating', 'test'];

/** Takes one message. Resolves after the commit. Throws coded errors; none of them has changed anything. */
export async function takeFromBox(ctx: IntakeContext, boxId: string, kind: UpKind, payload: Buffer): Promise<void> {
  const box = ctx.directory.boxes.get(boxId);
  if (!box) throw new CodedError('BOX_UNKNOWN');
  if (box.revoked) throw new CodedError('BOX_REVOKED');
  ctx.fleet.heard(boxId);
  switch (kind) {
    case 'alarm':
      return takeAlarm(ctx, box, payload);
    case 'withdraw': {
      const event = readMessage('AlarmWithdrawn', payload);
      return update(ctx, box, kind, event, { do: 'withdraw' });
    }
    case 'detail': {
      const event = readMessage('AlarmDetailed', payload);
      const { about, pressedAgain, onScreen } = event.data;
      return update(ctx, box, kind, event, { do: 'detail', about, pressedAgain, onScreen });
    }
    case 'rating': {
      const event: CaseRated = readMessage('CaseRated', payload);
      return update(ctx, box, kind, event, { do: 'rate', rating: event.data.rating });
    }
    case 'test':
      return takeTest(ctx, box, payload);
    case 'fault':
      ctx.fleet.fault(boxId, readMessage('FaultReported', payload).data);
      return;
    case 'renew':
      return takeRenewal(ctx, boxId, payload);
    case 'sync':
      return answerSync(ctx, box, payload);
    case 'view':
      return answerView(ctx, box, payload);
    default:
      throw new CodedError('UNKNOWN_TOPIC');
  }
}

async function takeAlarm(ctx: IntakeContext, box: BoxEntry, payload: Buffer): Promise<void> {
  const event = readMessage('AlarmRaised', payload);
  const at = ctx.clock.now();
  const receipt = await ctx.store.run('raiseAlarm', {
    ...about(box, event, payload, at),
    data: event.data,
    day: ctx.day(at),
    staffed: ctx.staffed(),
    clockSkewMs: ctx.boxClocks.skewOf(box.household.boxId),
    phone: ctx.centre.phone,
  });
  if (receipt.fresh) ctx.alarmCommitted(receipt.receivedAt);
}

/** A test pages nobody: no case, no clock, nothing at the consoles. */
async function takeTest(ctx: IntakeContext, box: BoxEntry, payload: Buffer): Promise<void> {
  const { id, data } = readMessage('TestRaised', payload);
  const { boxId, area } = box.household;
  const at = ctx.clock.now();
  await ctx.store.run('takeTest', { boxId, area, id, data, at });
  ctx.fleet.tested(boxId, data.by, at);
}

async function update(
  ctx: IntakeContext,
  box: BoxEntry,
  kind: 'withdraw' | 'detail' | 'rating',
  event: { id: string; type: string; data: { alarmId: string } },
  command: CaseCommand,
): Promise<void> {
  const at = ctx.clock.now();
  const message = about(box, event, undefined, at);
  await ctx.store.run('updateAlarm', { ...message, kind, alarmId: event.data.alarmId, command });
}

function about(box: BoxEntry, event: { id: string; type: string; data: unknown }, payload: Buffer | undefined, at: number) {
  return {
    boxId: box.household.boxId,
    area: box.household.area,
    id: event.id,
    digest: contentDigest(event),
    payload: payload?.toString('utf8') ?? JSON.stringify(event),
    at,
  };
}

/** Tells a box what the centre is, and where each of its alarms stands. */
async function answerSync(ctx: IntakeContext, box: BoxEntry, payload: Buffer): Promise<void> {
  const event = readMessage('SyncAsked', payload);
  const { boxId } = box.household;
  const at = ctx.clock.now();
  ctx.boxClocks.measure(boxId, Date.parse(event.time), at);
  const cases = await ctx.store.run('casesForSync', { boxId, open: event.data.open, at });
  sayNotice(ctx, boxId);
  for (const c of cases)
    ctx.say(
      topics.boxDown(boxId, 'progress'),
      makeEvent('cn.shouwang.alarm.progress.v1', `centre/case/${c.caseNo}`, uuid7(at), at, progressData(c)),
    );
  // Last: the state of an alarm is worth more.
  ctx.remoteConfigs.sayTo(boxId);
  ctx.notices.asked(boxId);
}

/** `down/notice` to one box. */
export function sayNotice(ctx: Pick<IntakeContext, 'clock' | 'centre' | 'staffed' | 'say'>, boxId: string): void {
  const at = ctx.clock.now();
  const data = { name: ctx.centre.name, phone: ctx.centre.phone, staffed: ctx.staffed() };
  ctx.say(topics.boxDown(boxId, 'notice'), makeEvent('cn.shouwang.centre.notice.v1', 'centre', uuid7(at), at, data));
}

async function answerView(ctx: IntakeContext, box: BoxEntry, payload: Buffer): Promise<void> {
  const event = readMessage('ViewAsked', payload);
  const { boxId, area, position } = box.household;
  const at = ctx.clock.now();
  if (event.data.ask === 'cameras') {
    const cameras = ctx.catalogue.nearby(area, position);
    const answer = makeEvent('cn.shouwang.box.cameras.v1', 'centre', uuid7(at), at, { requestId: event.id, boxId, cameras });
    ctx.say(topics.boxDown(boxId, 'cameras'), answer);
    return;
  }
  const outcome = await ctx.granter.forHousehold({ boxId, area, position }, event.data.cameraIds, event.data.reason);
  ctx.say(
    topics.boxDown(boxId, 'grant'),
    makeEvent('cn.shouwang.box.grants.v1', 'centre', uuid7(at), at, { requestId: event.id, ...outcome }),
  );
}
