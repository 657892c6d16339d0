/** After ten minutes without a key the page asks whether anybody is still watching; half a minute later it stops. Pure. */
export const ASK_AFTER_MS = 10 * 60_000;
export const ANSWER_WITHIN_MS = 30_000;

export type StillWatching = { kind: 'no' } | { kind: 'ask'; secondsLeft: number } | { kind: 'leave' };

/** `lastKeyAt`: the last key, or when the camera was opened; both ms by the same clock. */
export function stillWatching(lastKeyAt: number, now: number): StillWatching {
  const over = now - lastKeyAt - ASK_AFTER_MS;
  if (over < 0) return { kind: 'no' };
  if (over >= ANSWER_WITHIN_MS) return { kind: 'leave' };
  return { kind: 'ask', secondsLeft: Math.ceil((ANSWER_WITHIN_MS - over) / 1000) };
}
