/** Work on very many boxes in pieces, so that no alarm waits behind it. */

/** The first `limit` of `values`, without looking at the rest. */
export function* first<T>(values: Iterable<T>, limit: number): Generator<T> {
  let left = limit;
  for (const value of values) {
    if (left-- <= 0) return;
    yield value;
  }
}

/** So many are visited without a pause. */
const LOOKED_AT = 2000;
/** So many boxes are told something without a pause. */
const TOLD = 200;

/** Visits everything, letting others run in between. What is added or removed meanwhile may be visited or not. */
export function visitInSlices<T>(values: Iterable<T>, visit: (value: T) => void): Promise<void> {
  return sliced(values, LOOKED_AT, visit);
}

/** The same where something is said to each. */
export function inTurns<T>(values: Iterable<T>, tell: (value: T) => void): Promise<void> {
  return sliced(values, TOLD, tell);
}

async function sliced<T>(values: Iterable<T>, slice: number, visit: (value: T) => void): Promise<void> {
  let n = 0;
  for (const value of values) {
    visit(value);
    if (++n % slice === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Those who wait to be told something: each once, in the order in which they came, a few in each turn of the event loop. */
export class TellingLine<T> {
  readonly #tell: (value: T) => void;
  readonly #waiting = new Set<T>();

  constructor(tell: (value: T) => void) {
    this.#tell = tell;
  }

  add(value: T): void {
    if (this.#waiting.size === 0) setImmediate(() => this.#turn());
    this.#waiting.add(value);
  }

  /** Sends everybody away. */
  clear(): void {
    this.#waiting.clear();
  }

  #turn(): void {
    for (const value of first(this.#waiting, TOLD)) {
      this.#waiting.delete(value);
      this.#tell(value);
    }
    if (this.#waiting.size > 0) setImmediate(() => this.#turn());
  }
}

/** The first `limit` in order of `key`, however many there are: only a few are ever sorted. */
export class FirstInOrder<T> {
  readonly #limit: number;
  readonly #key: (value: T) => string;
  #kept: T[] = [];

  constructor(limit: number, key: (value: T) => string) {
    this.#limit = limit;
    this.#key = key;
  }

  add(value: T): void {
    if (this.#kept.push(value) >= 8 * this.#limit) this.#kept = this.values();
  }

  values(): T[] {
    const key = this.#key;
    return this.#kept.sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, this.#limit);
  }
}
