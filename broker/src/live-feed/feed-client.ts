/** One console at the live feed. */

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

/** While catching up, the next page waits until no more than this is on its way. */
const CATCH_UP_BYTES = 64 * 1024;

export class FeedClient {
  readonly #socket: FeedSocket;
  /** Up to date: gets events as they come. */
  live = false;
  closed = false;

  constructor(socket: FeedSocket) {
    this.#socket = socket;
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

  /** Writes, and waits where the other side reads slowly. */
  async writeAndDrain(text: string): Promise<void> {
    this.write(text);
    if (!this.closed && this.buffered > CATCH_UP_BYTES) await new Promise<void>((resolve) => this.#socket.onceDrained(resolve));
  }

  cut(): void {
    this.closed = true;
    this.#socket.destroy();
  }
}
