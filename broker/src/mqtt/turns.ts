/**
 * What is written to one connection in one turn of the event loop leaves in one piece. An alarm has three answers (PUBACK, `received`,
 * `progress`), each of them several small writes: in a storm of ten thousand boxes the system calls cost more than the messages.
 */
import type { Writable } from 'node:stream';

export class Turns {
  #corked = new Set<Writable>();

  /**
   * aedes is about to hand something to this connection. It writes it in a `setImmediate` that it asks for before the next tick, so that
   * an immediate asked for in that tick comes after it.
   */
  writes(socket: Writable): void {
    if (this.#corked.has(socket)) return;
    if (this.#corked.size === 0) process.nextTick(() => this.#ends());
    this.#corked.add(socket);
    socket.cork();
  }

  #ends(): void {
    const sockets = this.#corked;
    this.#corked = new Set();
    setImmediate(() => {
      for (const socket of sockets) socket.uncork();
    });
  }
}
