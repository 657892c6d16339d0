/** Delays that grow and are jittered, so that 10,000 boxes after a power cut do not come at once. */
export interface BackoffSettings {
  minMs: number;
  maxMs: number;
}

/** Delay before try number `attempt` (0-based), ms: doubles from min to max, then a random half of it is taken off at most. */
export function backoff(attempt: number, s: BackoffSettings, random: () => number): number {
  const full = Math.min(s.maxMs, s.minMs * 2 ** Math.min(attempt, 30));
  return Math.max(s.minMs / 2, full * (0.5 + random() / 2));
}
