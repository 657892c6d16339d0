/** Commands of integrators: sign a case, add a note. Answered on the integrator's reply topic after the commit. */
import { CaseNo, CodedError, ERRORS, type ErrorCode, makeEvent, topics } from '@shouwang/protocol';
import type { CaseCommand } from '../cases/case.ts';
import { uuid7 } from '../ids.ts';
import type { IntakeContext } from './context.ts';
import { contentDigest, readableIds, readMessage } from './read-message.ts';

const caseNoPattern = new RegExp(CaseNo.pattern!);

/** Takes one command. Resolves after the commit. What cannot be taken throws; `answerRefusedCommand` says so once that is recorded. */
export async function takeCommand(ctx: IntakeContext, name: string, caseNo: string, payload: Buffer): Promise<void> {
  if (!caseNoPattern.test(caseNo)) throw new CodedError('UNKNOWN_TOPIC', 'no case number');
  const integrator = ctx.directory.integrators.get(name);
  const event = readMessage('CaseCommanded', payload);
  if (!integrator?.mayCommand) throw new CodedError('NOT_ALLOWED', 'this integrator may not command');
  const { data } = event;
  const command: CaseCommand = data.command === 'sign' ? { do: 'sign', post: data.post } : { do: 'note', text: data.text };
  const { code } = await ctx.store.run('commandFromIntegrator', {
    integrator: name,
    areas: integrator.areas,
    maySeeSilent: integrator.maySeeSilent,
    id: event.id,
    digest: contentDigest({ type: event.type, data: { caseNo, ...data } }),
    caseNo,
    command,
    at: ctx.clock.now(),
  });
  reply(ctx, name, event.id, caseNo, code);
}

/** Tells an integrator that its command was refused, if its id can be read. Call after the dead letter is committed. */
export function answerRefusedCommand(ctx: IntakeContext, name: string, caseNo: string, payload: Buffer, code: ErrorCode): void {
  if (!caseNoPattern.test(caseNo) || ERRORS[code].retry) return;
  const { id } = readableIds(payload);
  if (id) reply(ctx, name, id, caseNo, code);
}

function reply(ctx: IntakeContext, name: string, commandId: string, caseNo: string, code: ErrorCode | undefined): void {
  const at = ctx.clock.now();
  const data = { commandId, caseNo, ok: code === undefined, ...(code ? { code, message: ERRORS[code].zh } : {}) };
  ctx.say(topics.integratorReply(name), makeEvent('cn.shouwang.case.command.reply.v1', 'centre', uuid7(at), at, data));
}
