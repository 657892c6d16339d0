/** The smallest store that React's `useSyncExternalStore` can read: a value, a pure reducer, and whoever listens. */
export interface Store<S, A> {
  get(): S;
  dispatch(action: A): void;
  /** Called after each change; returns how to stop. */
  subscribe(listener: () => void): () => void;
}

/** Listeners are told only when the reducer returned another value. */
export function createStore<S, A>(reduce: (state: S, action: A) => S, initial: S): Store<S, A> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
