/** Whether somebody is at the centre: at least one operator's live feed is connected. */
import type { Clock } from '../clock.ts';

export class Staffing {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #changed: (staffed: boolean) => void;
  #operators = 0;
  #staffed = false;
  #cancelLeave: (() => void) | undefined;

  /** `graceMs`: a page that reloads has not left. `changed` is told every change. */
  constructor(clock: Clock, graceMs: number, changed: (staffed: boolean) => void) {
    this.#clock = clock;
    this.#graceMs = graceMs;
    this.#changed = changed;
  }

  get staffed(): boolean {
    return this.#staffed;
  }

  /** Feeds of operators that are connected now. */
  get operators(): number {
    return this.#operators;
  }

  arrived(): void {
    this.#operators++;
    this.#cancelLeave?.();
    this.#cancelLeave = undefined;
    this.#set(true);
  }

  left(): void {
    this.#operators--;
    if (this.#operators > 0) return;
    this.#cancelLeave?.();
    if (this.#graceMs === 0) {
      this.#set(false);
      return;
    }
    this.#cancelLeave = this.#clock.after(this.#graceMs, () => {
      this.#cancelLeave = undefined;
      if (this.#operators === 0) this.#set(false);
    });
  }

  close(): void {
    this.#cancelLeave?.();
  }

  #set(staffed: boolean): void {
    if (this.#staffed === staffed) return;
    this.#staffed = staffed;
    this.#changed(staffed);
  }
}
