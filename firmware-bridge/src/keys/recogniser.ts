/**
 * ① Runs the gesture machines against a clock: key edges in, alarms and tests out. One machine for each function of a key;
 * only the alarm's is ever shown.
 */
import type { Gesture, TvState } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { AlarmKey, KeyAction } from '../platform.ts';
import { type GestureSettings, type GestureState, type GestureStep, IDLE, nextDeadline, onKey, onTime } from './gestures.ts';

export interface KeySettings extends GestureSettings {
  /** The movement of the silent key that is a silent alarm: so many presses within a time, or a hold; 0 switches either off. */
  silent: { presses: number; withinMs: number; holdMs: number };
  /** How long the test key is held for a test; 0: there is no test by key. */
  test: { holdMs: number };
}

export interface RecogniserDeps {
  clock: Clock;
  settings: KeySettings;
  /** An alarm was recognised; `silent` is one that nobody at home may notice. */
  onAlarm(gesture: Gesture): void;
  /** The test gesture was recognised. */
  onTest(): void;
  /** `view()` answers differently now. */
  onChange(): void;
}

export interface Recogniser {
  key(key: AlarmKey, action: KeyAction): void;
  /** What the TV shows of an alarm gesture in progress; of a silent one nothing. `since` is wall time. */
  view(): TvState['gesture'];
  /** A gesture is in progress, the silent one too. */
  readonly busy: boolean;
  stop(): void;
}

const NEVER = Number.POSITIVE_INFINITY;
const orNever = (n: number) => (n === 0 ? NEVER : n);

interface Machine {
  readonly state: GestureState;
  key(key: 'alarm' | 'sos', action: KeyAction): void;
  stop(): void;
}

/** `now`: the settings in force; they may change while the bridge runs. */
function createMachine(clock: Clock, now: () => GestureSettings, onFired: (gesture: Gesture) => void, onChange: () => void): Machine {
  let state: GestureState = IDLE;
  let timer: Timer | undefined;

  const take = (step: GestureStep) => {
    const changed = step.state !== state;
    state = step.state;
    timer?.cancel();
    const at = nextDeadline(state, now());
    timer = at === undefined ? undefined : clock.after(Math.max(0, at - clock.mono()), () => take(onTime(state, clock.mono(), now())));
    if (step.fired) onFired(step.fired);
    if (changed) onChange();
  };

  return {
    get state() {
      return state;
    },
    key: (key, action) => take(onKey(state, key, action, clock.mono(), now())),
    stop() {
      timer?.cancel();
      timer = undefined;
      state = IDLE;
    },
  };
}

export function createRecogniser(deps: RecogniserDeps): Recogniser {
  const { clock, settings } = deps;
  const unseen = () => {};
  const loud = createMachine(clock, () => settings, deps.onAlarm, deps.onChange);
  const silently = createMachine(
    clock,
    () => {
      const { presses, withinMs, holdMs } = settings.silent;
      return { bridgeGapMs: settings.bridgeGapMs, presses: orNever(presses), withinMs, holdMs: orNever(holdMs) };
    },
    () => deps.onAlarm('silent'),
    unseen,
  );
  const testing = createMachine(
    clock,
    () => ({ bridgeGapMs: settings.bridgeGapMs, presses: NEVER, withinMs: 0, holdMs: orNever(settings.test.holdMs) }),
    () => deps.onTest(),
    unseen,
  );

  return {
    key(key, action) {
      if (key === 'silent') silently.key('alarm', action);
      else if (key === 'test') testing.key('alarm', action);
      else loud.key(key, action);
    },
    view() {
      const { state } = loud;
      const kind = state.phase === 'hint' ? 'hint' : state.phase === 'down' || state.phase === 'gap' ? 'holding' : undefined;
      if (!kind) return undefined;
      const since = kind === 'hint' ? state.lastEdge : state.holdSince;
      return { kind, since: Math.round(clock.now() - (clock.mono() - since)), holdMs: settings.holdMs, presses: state.presses.length };
    },
    get busy() {
      return [loud, silently, testing].some(({ state: { phase } }) => phase === 'down' || phase === 'gap' || phase === 'hint');
    },
    stop() {
      for (const machine of [loud, silently, testing]) machine.stop();
    },
  };
}
