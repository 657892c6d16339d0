/** Slows guessing: so many failures from one address, or at one name, and further attempts are refused for a while. */
import type { Clock } from '../clock.ts';

const WINDOW_MS = 60_000;
const REMEMBERED = 10_000;

export class Attempts {
  readonly #clock: Clock;
  readonly #allowed: number;
  readonly #failures = new Map<string, number[]>();

  /** `allowed`: failures within a minute. */
  constructor(clock: Clock, allowed: number) {
    this.#clock = clock;
    this.#allowed = allowed;
  }

  /** Whether one more attempt is refused now. */
  tooMany(key: string): boolean {
    return this.#recent(key).length >= this.#allowed;
  }

  failed(key: string): void {
    const recent = this.#recent(key);
    recent.push(this.#clock.now());
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    if (this.#failures.size > REMEMBERED) this.#failures.delete(this.#failures.keys().next().value!);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string): number[] {
    const since = this.#clock.now() - WINDOW_MS;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}
