/** Lets a number of jobs run at once and a number of others wait. */
export class Gate {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(concurrency: number, maxWaiting: number) {
    this.#free = concurrency;
    this.#maxWaiting = maxWaiting;
  }

  /** Resolves when it is one's turn, with what to call afterwards; undefined: too many wait already. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#free === 0) {
      if (this.#waiting.length >= this.#maxWaiting) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#free--;
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }
}
