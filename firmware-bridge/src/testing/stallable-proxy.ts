/** A TCP line between box and centre that can die without a word: connections stay open, nothing gets through. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class StallableProxy {
  readonly #target: number;
  #server!: Server;
  readonly #sockets = new Set<Socket>();
  port = 0;
  connections = 0;

  constructor(targetPort: number) {
    this.#target = targetPort;
  }

  async start(): Promise<this> {
    this.#server = createServer((near) => {
      this.connections++;
      const far = connect(this.#target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk) => to.write(chunk));
        from.on('error', () => {});
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** From now on nothing of the open connections gets through. */
  stall(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
