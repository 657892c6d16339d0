/** The line between boxes and centre, as a TCP proxy that a test can break in the ways in which lines break. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of the bytes of one direction of one connection. `undefined`: they pass as they are. */
export type Tamper = (direction: 'up' | 'down') => ((chunk: Buffer, pass: (bytes: Buffer) => void, cut: () => void) => void) | undefined;

export class Line {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #down = false;
  #dead = false;
  tamper: Tamper | undefined;
  port = 0;
  /** Connections so far. */
  connections = 0;

  constructor(targetPort: number) {
    this.#target = targetPort;
  }

  async opens(): Promise<this> {
    const server = createServer((near) => this.#joins(near));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Connections break, and new ones are refused at once. */
  goesDown(): void {
    this.#down = true;
    this.cuts();
  }

  /** Good again for new connections. */
  comesBack(): void {
    this.#down = false;
    this.#dead = false;
  }

  /** Half-open: connections stay, and nothing gets through any more, not even on new ones. */
  dies(): void {
    this.#dead = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Every connection breaks now. */
  cuts(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async closes(): Promise<void> {
    this.cuts();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
  }

  #joins(near: Socket): void {
    this.connections++;
    if (this.#down) return void near.resetAndDestroy();
    const far = connect(this.#target, '127.0.0.1');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const [from, to, direction] of [
      [near, far, 'up'],
      [far, near, 'down'],
    ] as const) {
      this.#sockets.add(from);
      const tamper = this.tamper?.(direction);
      const pass = (bytes: Buffer): void => {
        if (!to.destroyed) to.write(bytes);
      };
      from.on('data', (chunk: Buffer) => (tamper ? tamper(chunk, pass, cut) : pass(chunk)));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#dead) from.pause();
    }
  }
}
