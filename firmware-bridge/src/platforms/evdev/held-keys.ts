/** One remote may be seen by several devices, and several remotes may be in the house: their edges become those of one key. */
import type { Clock } from '../../clock.ts';
import type { AlarmKey, KeyAction } from '../../platform.ts';

/**
 * Two devices that report one press do so within this time. A later press of another source is a press of its own, even while the first
 * source is still down: a device whose key is stuck must not swallow the alarm of another.
 */
export const SAME_PRESS_MS = 150;

/** Returns what takes edges by source (`device code`) and passes on those of the key. */
export function createHeldKeys(clock: Clock, out: (key: AlarmKey, action: KeyAction) => void) {
  const held = new Map<AlarmKey, { sources: Set<string>; downAt: number }>();

  return (source: string, key: AlarmKey, action: KeyAction): void => {
    const state = held.get(key) ?? { sources: new Set(), downAt: Number.NEGATIVE_INFINITY };
    held.set(key, state);
    if (action === 'up') {
      if (state.sources.delete(source) && state.sources.size === 0) out(key, 'up');
      return;
    }
    const echo = state.sources.size > 0 && !state.sources.has(source) && clock.mono() - state.downAt <= SAME_PRESS_MS;
    state.sources.add(source);
    if (echo) return;
    state.downAt = clock.mono();
    out(key, 'down');
  };
}
