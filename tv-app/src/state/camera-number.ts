/** A camera chosen by its number, as a channel: at once when no other number can begin so, else after a moment. */
import type { Cancel, Clock } from '../clock.ts';

/** So long a further digit is waited for. */
const WAIT_MS = 1_200;

export class CameraNumber {
  /** As far as it was typed. */
  typed = '';
  private readonly clock: Clock;
  private readonly onEnd: (number: number | undefined) => void;
  private cancel: Cancel = () => {};

  /** `onEnd`: the number of a camera, or undefined where there is none of that number. */
  constructor(clock: Clock, onEnd: (number: number | undefined) => void) {
    this.clock = clock;
    this.onEnd = onEnd;
  }

  /** `count`: how many cameras there are. */
  type(digit: string, count: number): void {
    this.cancel();
    this.typed = (this.typed + digit).slice(-3);
    const number = Number(this.typed);
    const there = number > 0 && number <= count;
    if (there && number * 10 > count) this.end(number);
    else this.cancel = this.clock.after(WAIT_MS, () => this.end(there ? number : undefined));
  }

  private end(number: number | undefined): void {
    this.cancel();
    this.typed = '';
    this.onEnd(number);
  }
}
