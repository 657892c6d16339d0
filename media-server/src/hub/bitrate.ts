/** The bit rate over the last few seconds. */
const WINDOW_MS = 4000;

export class BitrateMeter {
  #windowAt: number | undefined;
  #bytes = 0;
  #mbit: number | undefined;

  add(bytes: number, now: number): void {
    this.#windowAt ??= now;
    this.#bytes += bytes;
    const ms = now - this.#windowAt;
    if (ms >= 0 && ms < WINDOW_MS) return;
    // Less than nothing: the clock was set back.
    if (ms > 0) this.#mbit = (this.#bytes * 8) / 1000 / ms;
    this.#windowAt = now;
    this.#bytes = 0;
  }

  /** Mbit/s; undefined until enough was seen. */
  get mbit(): number | undefined {
    return this.#mbit;
  }

  reset(): void {
    this.#windowAt = undefined;
    this.#bytes = 0;
    this.#mbit = undefined;
  }
}
