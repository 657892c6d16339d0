/** ① Runs the gesture machine of one key against a clock. */
import type { TvState } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import { type GestureSettings, type GestureState, type GestureStep, IDLE, nextDeadline, onDown, onTime, onUp } from './gesture.ts';

export interface GestureKeyDeps {
  clock: Clock;
  settings: GestureSettings;
  onFired(gesture: 'hold' | 'triple'): void;
  /** `view` answers differently now. */
  onChange(): void;
}

export class GestureKey {
  private readonly deps: GestureKeyDeps;
  private state: GestureState = IDLE;
  private cancel: Cancel = () => {};

  constructor(deps: GestureKeyDeps) {
    this.deps = deps;
  }

  /** `repeat`: the browser says that the key is merely still down. */
  down(repeat = false): void {
    const { clock, settings } = this.deps;
    this.take(onDown(this.state, clock.now(), settings, repeat));
  }

  up(): void {
    const { clock, settings } = this.deps;
    this.take(onUp(this.state, clock.now(), settings));
  }

  /** What the TV shows of a gesture in progress. */
  view(): TvState['gesture'] {
    const { phase, since, lastAt, presses } = this.state;
    if (phase !== 'holding' && phase !== 'hint') return undefined;
    return { kind: phase, since: phase === 'hint' ? lastAt : since, holdMs: this.deps.settings.holdMs, presses: presses.length };
  }

  stop(): void {
    this.cancel();
    this.state = IDLE;
  }

  private take({ state, fired }: GestureStep): void {
    const { clock, settings, onFired, onChange } = this.deps;
    const changed = state !== this.state;
    this.state = state;
    this.cancel();
    const at = nextDeadline(state, settings);
    if (at !== undefined)
      this.cancel = clock.after(Math.max(0, at - clock.now()), () => this.take(onTime(this.state, clock.now(), settings)));
    if (fired) onFired(fired);
    else if (changed) onChange();
  }
}
