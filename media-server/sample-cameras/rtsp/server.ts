import { type AddressInfo, createServer, type Server } from 'node:net';
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../../src/lib/clock.ts';
import { RtspConnection, type ServedCamera } from './connection.ts';

/** An RTSP server (RFC 2326) for live cameras, RTP interleaved in the same connection. */
export class RtspServer {
  readonly #server: Server;
  readonly #connections = new Set<RtspConnection>();

  constructor(cameras: ReadonlyMap<string, ServedCamera>, clock: Clock) {
    this.#server = createServer((socket) => {
      const connection = new RtspConnection(socket, cameras, clock);
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
  }

  /** Listens; 0 is any free port. Resolves with the port. Rejects with PORT_BUSY. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const detail = `sample cameras: ${host}:${port} is in use; change it with --port (npm start: SHOUWANG_SAMPLES_PORT)`;
        reject(error.code === 'EADDRINUSE' ? new CodedError('PORT_BUSY', detail, { cause: error }) : error);
      });
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Hangs up on everybody and frees the port. */
  close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
