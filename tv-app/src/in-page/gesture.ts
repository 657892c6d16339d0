/**
 * Which movements of a key are a gesture, where the page itself has to know: a hold, or so many presses within a time. Pure: state + input + time in, state + gesture out. Where no key-up comes, a hold is known by its repeats only, and never by silence.
 */
import { BRIDGE_MS, FIRST_REPEAT_MS, GONE_MS, REPEAT_MS } from '../keys/infrared.ts';

export interface GestureSettings {
  /** Infinity: no hold is recognised. */
  holdMs: number;
  /** Infinity: no number of presses is. */
  presses: number;
  withinMs: number;
  keyUps: boolean;
}
const NEVER = Number.POSITIVE_INFINITY;
/** As a bridge has them by default: red for an alarm, blue for a silent one, yellow for a test. */
export const GESTURES = {
  alarm: { holdMs: 2_000, presses: 3, withinMs: 3_000 },
  silent: { holdMs: NEVER, presses: 4, withinMs: 3_000 },
  test: { holdMs: 3_000, presses: NEVER, withinMs: 0 },
} as const;

/** How long the hint stays after a press that was too short. */
export const HINT_MS = 5_000;

export interface GestureState {
  /** `spent`: an alarm was recognised, and the key has not been let go since. */
  phase: 'idle' | 'holding' | 'hint' | 'spent';
  /** When the (bridged) hold began. */
  since: number;
  /** The newest down or up. */
  lastAt: number;
  /** The newest was an up. */
  up: boolean;
  /** It has repeated: it is really held. */
  repeats: boolean;
  presses: readonly number[];
  /** The newest press may yet turn out to be a hold's first repeat. */
  unsure: boolean;
}
export const IDLE: GestureState = { phase: 'idle', since: 0, lastAt: 0, up: false, repeats: false, presses: [], unsure: false };

export interface GestureStep {
  state: GestureState;
  fired?: 'hold' | 'triple' | undefined;
}

/** The key is down at `t`: newly, or still. `repeat`: the browser says that it is a repeat. */
export function onDown(before: GestureState, t: number, s: GestureSettings, repeat = false): GestureStep {
  const due = onTime(before, t, s);
  const { state } = due;
  if (due.fired || state.phase === 'spent') return { ...due, state: { ...state, lastAt: t, up: false } };
  if (state.phase !== 'holding') {
    const presses = inWindow(state, t, s).concat(t);
    return decide({ phase: 'holding', since: t, lastAt: t, up: false, repeats: false, presses, unsure: false }, t, s);
  }
  const gap = t - state.lastAt;
  if (!state.up && (repeat || gap <= REPEAT_MS || (state.repeats && gap <= BRIDGE_MS))) {
    const presses = state.unsure ? state.presses.slice(0, -1) : state.presses;
    return decide({ ...state, lastAt: t, repeats: true, presses, unsure: false }, t, s);
  }
  const unsure = !s.keyUps && !state.up && gap >= FIRST_REPEAT_MS;
  return decide({ ...state, lastAt: t, up: false, presses: inWindow(state, t, s).concat(t), unsure }, t, s);
}

export function onUp(before: GestureState, t: number, s: GestureSettings): GestureStep {
  const due = onTime(before, t, s);
  const { state } = due;
  if ((state.phase !== 'holding' && state.phase !== 'spent') || state.up) return due;
  return { ...due, state: { ...state, up: true, lastAt: t, unsure: false } };
}

/** Time has come to `t`: holds complete, silence becomes a release, hints go. */
export function onTime(state: GestureState, t: number, s: GestureSettings): GestureStep {
  if (state.phase === 'holding') {
    const decided = decide(state, t, s);
    if (decided.fired || !isOver(state, t, s)) return decided;
    return onTime({ ...state, phase: 'hint', presses: inWindow(state, t, s), unsure: false }, t, s);
  }
  if (state.phase === 'spent' && isOver(state, t, s)) return { state: IDLE };
  if (state.phase === 'hint' && t - state.lastAt >= HINT_MS) return { state: IDLE };
  return { state };
}

/** When `onTime` must be called next; undefined when nothing is pending. */
export function nextDeadline(state: GestureState, s: GestureSettings): number | undefined {
  if (state.phase === 'idle') return undefined;
  if (state.phase === 'hint') return state.lastAt + HINT_MS;
  const due: number[] = [];
  const silence = patience(state, s);
  if (silence !== undefined) due.push(state.lastAt + silence + 1);
  if (state.phase === 'holding') {
    if (s.holdMs < NEVER && isHeldAt(state, state.since + s.holdMs, s)) due.push(state.since + s.holdMs);
    if (state.unsure && state.presses.length >= s.presses) due.push(state.lastAt + REPEAT_MS + 1);
  }
  return due.length > 0 ? Math.min(...due) : undefined;
}

function decide(state: GestureState, t: number, s: GestureSettings): GestureStep {
  const sure = !state.unsure || t - state.lastAt > REPEAT_MS;
  if (state.presses.length >= s.presses && sure) return { state: spent(state), fired: 'triple' };
  const due = state.since + s.holdMs;
  if (t >= due && isHeldAt(state, due, s)) return { state: spent(state), fired: 'hold' };
  return { state };
}

/** Whether the key is known to be down at `at`, with nothing newer than `state.lastAt`. */
function isHeldAt(state: GestureState, at: number, s: GestureSettings): boolean {
  if (state.up) return false;
  return s.keyUps || (state.repeats && state.lastAt + BRIDGE_MS >= at);
}

/** The silence that means: let go. Undefined: only a key-up does. */
function patience(state: GestureState, s: GestureSettings): number | undefined {
  if (state.up) return BRIDGE_MS;
  if (s.keyUps) return undefined;
  return state.repeats && state.phase === 'holding' ? BRIDGE_MS : GONE_MS;
}

function isOver(state: GestureState, t: number, s: GestureSettings): boolean {
  const silence = patience(state, s);
  return silence !== undefined && t - state.lastAt > silence;
}

function spent(state: GestureState): GestureState {
  return { ...state, phase: 'spent', presses: [], unsure: false };
}

function inWindow(state: GestureState, t: number, s: GestureSettings): number[] {
  return state.presses.filter((p) => t - p <= s.withinMs);
}
