/** The engineer types eight digits once; the page exchanges them for the box's account. Nobody else ever types. */
import { type BoxActivated, type BoxReported, boxPaths } from '@shouwang/protocol';
import type { Digit } from '../keys/key-tables.ts';
import { codeOf } from '../services/media.ts';
import type { Account, AskCentre } from './centre-channel.ts';

export const CODE_LENGTH = 8;
const ANSWER_MS = 15_000;

/** How the last attempt went: `wrong` code, `too-many` attempts, nobody answered (`offline`). */
export type ActivationPhase = 'typing' | 'asking' | 'wrong' | 'too-many' | 'offline';

export interface ActivationDeps {
  ask: AskCentre;
  reported: BoxReported;
  /** As engineers call the middleware. */
  label: string;
  /** Whether the account outlives a power cut. */
  durable: boolean;
  onAccount(account: Account): void;
  onChange(): void;
}

export class Activation {
  digits = '';
  phase: ActivationPhase = 'typing';
  readonly reported: BoxReported;
  readonly label: string;
  readonly durable: boolean;
  private readonly deps: ActivationDeps;

  constructor(deps: ActivationDeps) {
    this.deps = deps;
    this.reported = deps.reported;
    this.label = deps.label;
    this.durable = deps.durable;
  }

  /** A digit key, or back, which takes the last digit away. */
  key(key: Digit | 'back'): void {
    if (this.phase === 'asking') return;
    if (this.phase !== 'typing') this.digits = '';
    this.phase = 'typing';
    if (key === 'back') this.digits = this.digits.slice(0, -1);
    else this.digits += key.slice(5);
    if (this.digits.length === CODE_LENGTH) this.submit().catch(() => {});
    this.deps.onChange();
  }

  private async submit(): Promise<void> {
    const { ask, reported, onAccount, onChange } = this.deps;
    this.phase = 'asking';
    try {
      const body = { code: this.digits, reported };
      const { boxId, secret } = (await ask({ method: 'POST', path: boxPaths.activate, body, timeoutMs: ANSWER_MS })).body as BoxActivated;
      onAccount({ boxId, secret });
    } catch (error) {
      const code = codeOf(error);
      this.phase = code === 'ACTIVATION_INVALID' || code === 'BAD_PAYLOAD' ? 'wrong' : code === 'TOO_MANY' ? 'too-many' : 'offline';
    }
    onChange();
  }
}
