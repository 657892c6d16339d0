/**
 * ④ The intake: every inbound message is taken, or becomes a dead letter; either way the trace is committed before the
 * sender is acknowledged. Nothing that a sender says can make it an error that closes the connection, but using
 * somebody else's topic: that is recorded, then closed [MQTT-3.3.5-2].
 */
import { asCoded, CodedError, ERRORS, type ErrorCode, parseTopic } from '@shouwang/protocol';
import { publishRefusal } from '../mqtt/acl.ts';
import { type Principal, principalName } from '../mqtt/principal.ts';
import type { Verdict } from '../mqtt/server.ts';
import { ANSWERED_KINDS, takeFromBox } from './box-intake.ts';
import { answerRefusedCommand, takeCommand } from './command-intake.ts';
import type { IntakeContext } from './context.ts';
import { takeFromNode } from './media-intake.ts';
import { readableIds, readMessage } from './read-message.ts';

export class Intake {
  readonly #ctx: IntakeContext;

  constructor(context: IntakeContext) {
    this.#ctx = context;
  }

  /** Takes one publish. Resolves after the commit. Rejects with STORE_UNAVAILABLE only. */
  async receive(principal: Principal, topic: string, payload: Buffer): Promise<Verdict> {
    const refusal = publishRefusal(principal, topic);
    if (refusal) {
      await this.#deadLetter(principal, topic, payload, new CodedError(refusal));
      return refusal === 'NOT_YOUR_TOPIC' ? 'closed' : 'accepted';
    }
    try {
      return await this.#take(principal, topic, payload);
    } catch (error) {
      const coded = asCoded(error);
      if (coded.code === 'STORE_UNAVAILABLE') throw coded;
      if (coded.code === 'INTERNAL') this.#ctx.log.error({ err: error, topic }, 'intake failed');
      await this.#deadLetter(principal, topic, payload, coded);
      const to = parseTopic(topic);
      if (principal.kind === 'integrator' && to?.to === 'case-command')
        answerRefusedCommand(this.#ctx, principal.name, to.caseNo, payload, coded.code);
      return 'accepted';
    }
  }

  /** Takes a message that was refused before, as if it had just been sent. Resolves after the commit; throws what is against it, and leaves no new dead letter. */
  async takeAgain(principal: Principal, topic: string, payload: Buffer): Promise<void> {
    const refusal = publishRefusal(principal, topic);
    if (refusal) throw new CodedError(refusal);
    await this.#take(principal, topic, payload);
  }

  async #take(principal: Principal, topic: string, payload: Buffer): Promise<Verdict> {
    const to = parseTopic(topic);
    switch (to?.to) {
      case 'box-status':
        this.#status(to.boxId, payload);
        return 'retained';
      case 'box-up':
        await takeFromBox(this.#ctx, to.boxId, to.kind, payload);
        return 'accepted';
      case 'media-up':
        await takeFromNode(this.#ctx, to.node, to.kind, payload);
        return 'accepted';
      case 'case-command':
        if (principal.kind === 'integrator') await takeCommand(this.#ctx, principal.name, to.caseNo, payload);
        return 'accepted';
      default:
        throw new CodedError('UNKNOWN_TOPIC');
    }
  }

  /** A heartbeat says what time it is at the box; a will was written before the fact. */
  #status(boxId: string, payload: Buffer): void {
    const status = readMessage('BoxStatus', payload);
    this.#ctx.fleet.status(boxId, status);
    if (status.online) this.#ctx.boxClocks.measure(boxId, status.at, this.#ctx.clock.now());
  }

  async #deadLetter(principal: Principal, topic: string, payload: Buffer, error: CodedError): Promise<void> {
    const { store, clock, log, centre } = this.#ctx;
    const client = principalName(principal);
    log.warn({ topic: topic.slice(0, 200), client, code: error.code, detail: error.detail }, 'refused');
    await store.run('refuse', {
      refusal: {
        at: clock.now(),
        topic: topic.slice(0, 200),
        client,
        code: error.code,
        reason: error.detail ?? error.message,
        payload,
      },
      rejection: this.#rejection(principal, topic, payload, error.code, centre.phone),
    });
  }

  /**
   * A box that waits for an answer gets one, if its message's id can be read. Not for a fault of our own: `rejected` is
   * final, and an alarm that may be taken after a repair must not be given up. The box goes on trying, and says so.
   */
  #rejection(principal: Principal, topic: string, payload: Buffer, code: ErrorCode, phone: string) {
    const to = parseTopic(topic);
    if (principal.kind !== 'box' || code === 'NOT_YOUR_TOPIC' || ERRORS[code].retry) return undefined;
    if (to?.to !== 'box-up' || ![...ANSWERED_KINDS, 'view', 'renew'].includes(to.kind)) return undefined;
    const { id, alarmId } = readableIds(payload);
    if (!id) return undefined;
    return { boxId: principal.boxId, messageId: id, alarmId: to.kind === 'alarm' ? id : alarmId, phone };
  }
}
