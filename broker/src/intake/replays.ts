/** Replays dead letters: through the intake again, as the same sender, with what came of it on the row and in the ledger. */
import { asCoded, CodedError, type DeadLetterWhole, parseTopic, type Replayed } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import { entryOf } from '../mqtt/door.ts';
import { type Principal, parseUserName } from '../mqtt/principal.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from './intake.ts';

export class Replays {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #directory: Directory;
  readonly #intake: Pick<Intake, 'takeAgain'>;
  readonly #running = new Map<number, Promise<Replayed>>();

  constructor(o: { store: Store; clock: Clock; directory: Directory; intake: Pick<Intake, 'takeAgain'> }) {
    this.#store = o.store;
    this.#clock = o.clock;
    this.#directory = o.directory;
    this.#intake = o.intake;
  }

  /**
   * Replays one. What was accepted before is not taken twice. Throws NOT_FOUND; NOT_REPLAYABLE for a connection, a state, and a
   * payload that is not kept whole; STORE_UNAVAILABLE. Any other refusal is the outcome.
   */
  replay(id: number, by: string): Promise<Replayed> {
    let running = this.#running.get(id);
    if (!running) {
      running = this.#replay(id, by).finally(() => this.#running.delete(id));
      this.#running.set(id, running);
    }
    return running;
  }

  async #replay(id: number, by: string): Promise<Replayed> {
    const letter = await this.#store.run('readDeadLetter', { id, at: this.#clock.now() });
    const { outcome: before, replayedAt = 0, replayedBy = '' } = letter;
    if (before === 'accepted') return { id, outcome: before, replayedAt, replayedBy };
    const { principal, payload } = replayable(letter);
    const outcome = await this.#outcome(principal, letter.topic, payload);
    const at = this.#clock.now();
    await this.#store.run('recordReplay', { id, by, at, outcome });
    return { id, outcome, replayedAt: at, replayedBy: by };
  }

  async #outcome(principal: Principal, topic: string, payload: Buffer): Promise<string> {
    try {
      const entry = entryOf(this.#directory, principal);
      if (!entry || entry.revoked) throw new CodedError(principal.kind !== 'box' ? 'NOT_ALLOWED' : entry ? 'BOX_REVOKED' : 'BOX_UNKNOWN');
      await this.#intake.takeAgain(principal, topic, payload);
      return 'accepted';
    } catch (error) {
      const { code } = asCoded(error);
      if (code === 'STORE_UNAVAILABLE') throw error;
      return code;
    }
  }
}

function replayable(letter: DeadLetterWhole): { principal: Principal; payload: Buffer } {
  const principal = letter.topic === 'CONNECT' ? undefined : parseUserName(letter.client);
  if (!principal) throw new CodedError('NOT_REPLAYABLE', 'a connection that was refused');
  if (parseTopic(letter.topic)?.to === 'box-status') throw new CodedError('NOT_REPLAYABLE', 'how a box was then');
  if (letter.bodyBase64 === undefined) throw new CodedError('NOT_REPLAYABLE', 'empty, or not kept whole');
  return { principal, payload: Buffer.from(letter.bodyBase64, 'base64') };
}
