/** One console at the live feed. */
import type { Clock } from '../clock.ts';

/** What a feed needs of a connection. */
export interface FeedSocket {
  write(text: string): void;
  /** Bytes written and not yet taken by the network. */
  buffered(): number;
  /** Calls once when the connection can take more, or is closed. */
  onceDrained(run: () => void): void;
  /** Called once when the connection is closed, by whichever side. */
  onClose(run: () => void): void;
  destroy(): void;
}

/** While catching up, the next event waits until no more than this is on its way. */
const CATCH_UP_BYTES = 64 * 1024;
/** A console that takes nothing for so long is gone, whatever its connection says. */
export const STALLED_MS = 30_000;

export class FeedClient {
  readonly #socket: FeedSocket;
  readonly #clock: Clock;
  /** Up to date: gets events as they come. */
  live = false;
  /** While it is not: the last word on each household's mark, which comes behind the cases. */
  readonly marks = new Map<string, string>();
  closed = false;

  constructor(socket: FeedSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.onClose(() => {
      this.closed = true;
    });
  }

  get buffered(): number {
    return this.#socket.buffered();
  }

  write(text: string): void {
    if (!this.closed) this.#socket.write(text);
  }

  /** Waits where the other side reads slowly, then writes; cuts it where it does not read at all. */
  async drainAndWrite(text: string): Promise<void> {
    await this.drained();
    this.write(text);
  }

  /** Waits while more is on its way than a console that catches up is given; cuts one that takes nothing. */
  async drained(): Promise<void> {
    if (this.closed || this.buffered <= CATCH_UP_BYTES) return;
    const forgetStall = this.#clock.after(STALLED_MS, () => this.cut());
    await new Promise<void>((resolve) => this.#socket.onceDrained(resolve));
    forgetStall();
  }

  cut(): void {
    this.closed = true;
    this.#socket.destroy();
  }
}
