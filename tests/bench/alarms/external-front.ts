/**
 * The centre behind an MQTT broker that is not ours: one connection with a persistent session, many publishes in flight, each
 * acknowledged only after its commit [MQTT-4.3.2]. MQTT.js takes inbound packets one at a time, which would be one alarm an fsync: hence
 * mqtt-packet.
 */
import { connect, type Socket } from 'node:net';
import { parseTopic, topics } from '@shouwang/protocol';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { MqttFront, MqttOptions } from '../../../broker/src/index.ts';

export class ExternalFront implements MqttFront {
  readonly #port: number;
  readonly #o: MqttOptions;
  readonly #socket: Socket;
  readonly #done = new Map<number, () => void>();
  #messageId = 0;

  constructor(port: number, options: MqttOptions) {
    this.#port = port;
    this.#o = options;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const parse = parser({ protocolVersion: 4 });
      parse.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connack') resolve();
        else if (packet.cmd === 'publish') void this.#receive(packet.topic, packet.payload as Buffer, packet.messageId ?? 0);
        else if (packet.cmd === 'puback') {
          this.#done.get(packet.messageId ?? 0)?.();
          this.#done.delete(packet.messageId ?? 0);
        }
      });
      this.#socket.on('data', (chunk) => parse.parse(chunk));
      this.#socket.once('error', reject);
      this.#send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId: 'centre', keepalive: 60 });
    });
  }

  async listen(): Promise<{ plain: number; tls: number }> {
    this.#send({ cmd: 'subscribe', messageId: this.#next(), subscriptions: [{ topic: topics.boxUpAny, qos: 1 }] });
    return { plain: this.#port, tls: 0 };
  }

  publish(topic: string, payload: string, done: () => void = () => undefined): void {
    const messageId = this.#next();
    this.#done.set(messageId, done);
    this.#send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId });
  }

  cut(): void {}

  renewTls(): void {}

  async close(): Promise<void> {
    this.#socket.destroy();
  }

  async #receive(topic: string, payload: Buffer, messageId: number): Promise<void> {
    const to = parseTopic(topic);
    if (to?.to === 'box-up') await this.#o.handlers.receive({ kind: 'box', boxId: to.boxId }, topic, payload);
    this.#send({ cmd: 'puback', messageId });
  }

  #next(): number {
    // Skips what is still in flight [MQTT-2.3.1-3].
    do this.#messageId = (this.#messageId % 65_535) + 1;
    while (this.#done.has(this.#messageId));
    return this.#messageId;
  }

  /** What is said in one turn of the event loop leaves in one piece, as it does from our own broker. */
  #send(packet: Packet): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      setImmediate(() => this.#socket.uncork());
    }
    this.#socket.write(generate(packet, { protocolVersion: 4 }));
  }
}
