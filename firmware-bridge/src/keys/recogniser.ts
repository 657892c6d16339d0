/** ① Runs the gesture machine against a clock: key edges in, alarms out. */
import type { Gesture, TvState } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { AlarmKey, KeyAction } from '../platform.ts';
import { type GestureSettings, type GestureState, type GestureStep, IDLE, nextDeadline, onKey, onTime } from './gestures.ts';

export interface RecogniserDeps {
  clock: Clock;
  settings: GestureSettings;
  /** An alarm was recognised. */
  onAlarm(gesture: Gesture): void;
  /** `view()` answers differently now. */
  onChange(): void;
}

export interface Recogniser {
  key(key: AlarmKey, action: KeyAction): void;
  /** What the TV shows of a gesture in progress. `since` is wall time. */
  view(): TvState['gesture'];
  stop(): void;
}

export function createRecogniser(deps: RecogniserDeps): Recogniser {
  const { clock, settings } = deps;
  let state: GestureState = IDLE;
  let timer: Timer | undefined;

  const take = (step: GestureStep) => {
    const changed = step.state !== state;
    state = step.state;
    timer?.cancel();
    const at = nextDeadline(state, settings);
    timer = at === undefined ? undefined : clock.after(Math.max(0, at - clock.mono()), () => take(onTime(state, clock.mono(), settings)));
    if (step.fired) deps.onAlarm(step.fired);
    if (changed) deps.onChange();
  };

  return {
    key(key, action) {
      // Keys of other gestures: never an alarm by themselves.
      if (key === 'silent' || key === 'test') return;
      take(onKey(state, key, action, clock.mono(), settings));
    },
    view() {
      const kind = state.phase === 'hint' ? 'hint' : state.phase === 'down' || state.phase === 'gap' ? 'holding' : undefined;
      if (!kind) return undefined;
      const since = kind === 'hint' ? state.lastEdge : state.holdSince;
      return { kind, since: Math.round(clock.now() - (clock.mono() - since)), holdMs: settings.holdMs, presses: state.presses.length };
    },
    stop() {
      timer?.cancel();
      timer = undefined;
      state = IDLE;
    },
  };
}
