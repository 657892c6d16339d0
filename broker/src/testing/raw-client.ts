/** A socket that says MQTT packets one by one, also those that no library would send. */
import { connect, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { onTestFinished } from 'vitest';
import { SECRET } from './centre.ts';
import { until } from './until.ts';

export class RawClient {
  readonly socket: Socket;
  readonly heard: Packet[] = [];
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    const parse = parser();
    parse.on('packet', (packet) => this.heard.push(packet));
    socket.on('data', (chunk) => parse.parse(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
    });
  }

  /** Only a TCP connection. */
  static async opens(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawClient(socket);
    onTestFinished(() => void socket.destroy());
    await new Promise<void>((resolve) => {
      socket.once('connect', () => resolve());
      socket.once('close', () => resolve());
    });
    return client;
  }

  /** A box that is admitted. */
  static async box(port: number, boxId: string): Promise<RawClient> {
    const client = await RawClient.opens(port);
    client.says({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: boxId,
      keepalive: 300,
      username: `box:${boxId}`,
      password: Buffer.from(SECRET),
    });
    await client.hears('connack');
    return client;
  }

  says(packet: Packet): void {
    this.socket.write(generate(packet));
  }

  hears(cmd: Packet['cmd'], count = 1): Promise<Packet[]> {
    return until(`${count} ${cmd}`, () => {
      const heard = this.heard.filter((p) => p.cmd === cmd);
      return heard.length >= count ? heard : undefined;
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  closes(): Promise<boolean> {
    return until('the connection is closed', () => this.#closed);
  }
}
