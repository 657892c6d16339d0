/**
 * Which movements of the alarm key are an alarm. Pure: state + input + time in, state + gesture out.
 *
 * Infrared remotes send no reliable key-up: the kernel makes one after some 125 ms of silence, so a hand that passes
 * through the beam looks like up + down. Gaps of up to `bridgeGapMs` therefore do not end a hold. The same short gap
 * is also what quick repeated pressing looks like; both readings are followed at once: a segment no longer than
 * `TAP_MS` counts as one of the presses *and* the hold goes on.
 */
import type { Gesture } from '@shouwang/protocol';
import type { AlarmKey, KeyAction } from '../platform.ts';

export interface GestureSettings {
  /** Infinity: no hold is an alarm. */
  holdMs: number;
  bridgeGapMs: number;
  /** Infinity: no number of presses is an alarm. */
  presses: number;
  withinMs: number;
}

/** A longer segment before a short gap is an interrupted hold, not a press. */
export const TAP_MS = 500;
/** How long the hint stays after a press that was too short. */
export const HINT_MS = 5000;

type Phase =
  /** Nothing is going on. */
  | 'idle'
  /** Down, since `lastEdge`. */
  | 'down'
  /** Up, perhaps only for a gap. */
  | 'gap'
  /** Released for good before it was an alarm; the hint is on. */
  | 'hint'
  /** An alarm was recognised and the key has not been let go since. */
  | 'spent-down'
  | 'spent-gap';

export interface GestureState {
  phase: Phase;
  /** Monotonic ms. When the (bridged) hold began. */
  holdSince: number;
  lastEdge: number;
  /** When the key last went down. */
  downAt: number;
  /** When each counted press began, within the window. */
  presses: readonly number[];
  sosDown: boolean;
  /** Last release of the SOS key; -Infinity when never pressed. */
  sosUpAt: number;
}

export const IDLE: GestureState = {
  phase: 'idle',
  holdSince: 0,
  lastEdge: 0,
  downAt: 0,
  presses: [],
  sosDown: false,
  sosUpAt: Number.NEGATIVE_INFINITY,
};

export interface GestureStep {
  state: GestureState;
  /** An alarm was recognised by this step. */
  fired?: Gesture;
}

/** A key moved at `t` (monotonic ms). */
export function onKey(before: GestureState, key: AlarmKey, action: KeyAction, t: number, s: GestureSettings): GestureStep {
  if (key === 'sos') return onSos(before, action, t, s);
  const due = onTime(before, t, s);
  const after = action === 'down' ? onDown(due.state, t, s) : { state: onUp(due.state, t) };
  return { state: after.state, fired: due.fired ?? after.fired };
}

/** Time has come to `t`: holds complete, gaps become releases, hints go. */
export function onTime(state: GestureState, t: number, s: GestureSettings): GestureStep {
  if (state.phase === 'down' && t - state.holdSince >= s.holdMs) return { state: spent(state, t), fired: 'hold' };
  if (state.phase === 'gap' && t - state.lastEdge > s.bridgeGapMs)
    return onTime({ ...state, phase: 'hint', presses: inWindow(state, t, s) }, t, s);
  if (state.phase === 'spent-gap' && t - state.lastEdge > s.bridgeGapMs) return { state: { ...state, phase: 'idle', presses: [] } };
  if (state.phase === 'hint' && t - state.lastEdge >= HINT_MS) return { state: { ...state, phase: 'idle', presses: [] } };
  return { state };
}

/** When `onTime` must be called next (monotonic ms); undefined when nothing is pending. */
export function nextDeadline(state: GestureState, s: GestureSettings): number | undefined {
  if (state.phase === 'down') return Number.isFinite(s.holdMs) ? state.holdSince + s.holdMs : undefined;
  if (state.phase === 'gap' || state.phase === 'spent-gap') return state.lastEdge + s.bridgeGapMs + 1;
  if (state.phase === 'hint') return state.lastEdge + HINT_MS;
  return undefined;
}

function onDown(state: GestureState, t: number, s: GestureSettings): GestureStep {
  switch (state.phase) {
    case 'spent-gap':
      return { state: { ...state, phase: 'spent-down', lastEdge: t } };
    case 'spent-down':
      // Its key-up was missed. Soon after: the same press; later: a new one.
      if (t - state.lastEdge <= s.bridgeGapMs) return { state: { ...state, lastEdge: t } };
      return press({ ...state, presses: [] }, t, t, s);
    case 'gap': {
      const wasTap = state.lastEdge - state.downAt <= TAP_MS;
      return press(state, state.holdSince, t, s, wasTap);
    }
    case 'down':
      // A missed key-up: count the press, keep the hold.
      return press(state, state.holdSince, t, s);
    default:
      return press(state, t, t, s);
  }
}

function press(state: GestureState, holdSince: number, t: number, s: GestureSettings, counts = true): GestureStep {
  const presses = counts ? [...inWindow(state, t, s), t] : inWindow(state, t, s);
  const next: GestureState = { ...state, phase: 'down', holdSince, lastEdge: t, downAt: t, presses };
  if (presses.length >= s.presses) return { state: spent(next, t), fired: 'triple' };
  if (t - holdSince >= s.holdMs) return { state: spent(next, t), fired: 'hold' };
  return { state: next };
}

function onUp(state: GestureState, t: number): GestureState {
  if (state.phase === 'spent-down') return { ...state, phase: 'spent-gap', lastEdge: t };
  if (state.phase !== 'down') return state;
  return { ...state, phase: 'gap', lastEdge: t };
}

function onSos(state: GestureState, action: KeyAction, t: number, s: GestureSettings): GestureStep {
  if (action === 'up') return { state: { ...state, sosDown: false, sosUpAt: state.sosDown ? t : state.sosUpAt } };
  // The beam was interrupted, or bounced: still the same press.
  const same = t - state.sosUpAt <= s.bridgeGapMs;
  return { state: { ...state, sosDown: true }, fired: same ? undefined : 'sos' };
}

function spent(state: GestureState, t: number): GestureState {
  return { ...state, phase: 'spent-down', lastEdge: t, presses: [] };
}

function inWindow(state: GestureState, t: number, s: GestureSettings): number[] {
  return state.presses.filter((p) => t - p <= s.withinMs);
}
