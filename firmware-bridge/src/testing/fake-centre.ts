/** A centre for tests: a real MQTT broker (aedes) that records what boxes say and answers only when told. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type AnyCloudEvent, type DownKind, makeEvent, topics, type UpKind } from '@shouwang/protocol';
import { Aedes } from 'aedes';
import { v7 } from 'uuid';

export interface Heard {
  topic: string;
  kind: string;
  retain: boolean;
  /** Parsed payload. */
  message: AnyCloudEvent & { data: Record<string, unknown> };
}

export class FakeCentre {
  readonly boxId: string;
  readonly heard: Heard[] = [];
  /** Called for every message of a box, before its PUBACK. */
  onHeard: (heard: Heard) => void = () => {};
  /** Called for everything that the broker passes on, wills too. */
  onPublished: (topic: string, payload: string) => void = () => {};
  /** Client id, user name, password of each CONNECT. */
  readonly connects: { id: string; username: string | undefined; password: string }[] = [];
  accept = true;
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(boxId = 'box-0001') {
    this.boxId = boxId;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts, or starts again on the same port. */
  async start(): Promise<this> {
    const aedes = await Aedes.createBroker({ concurrency: 0 });
    aedes.authenticate = (client, username, password, done) => {
      this.connects.push({ id: client.id, username, password: String(password) });
      done(null, this.accept);
    };
    aedes.authorizePublish = (client, packet, done) => {
      if (client) this.#hear(packet.topic, String(packet.payload), packet.retain);
      done(null);
    };
    aedes.on('publish', (packet) => this.onPublished(packet.topic, String(packet.payload)));
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#aedes = aedes;
    this.#server = server;
    return this;
  }

  #hear(topic: string, payload: string, retain: boolean): void {
    const heard: Heard = { topic, kind: topic.split('/').at(-1) ?? '', retain, message: JSON.parse(payload) };
    this.heard.push(heard);
    this.onHeard(heard);
  }

  of(kind: UpKind | 'status'): Heard[] {
    return this.heard.filter((h) => h.kind === kind);
  }

  say(kind: DownKind, type: string, data: object): void {
    this.sayRaw(kind, JSON.stringify(makeEvent(type, 'centre', v7(), Date.now(), data)));
  }

  sayRaw(kind: DownKind, payload: string): void {
    const packet = {
      cmd: 'publish' as const,
      topic: topics.boxDown(this.boxId, kind),
      payload,
      qos: 1 as const,
      dup: false,
      retain: false,
    };
    this.#aedes?.publish(packet, () => {});
  }

  received(messageId: string, alarmId = messageId, caseNo = '20261123-0007'): void {
    this.say('received', 'cn.shouwang.box.received.v1', { messageId, alarmId, caseNo, receivedAt: Date.now() });
  }

  rejected(messageId: string, code = 'BOX_REVOKED'): void {
    this.say('rejected', 'cn.shouwang.box.rejected.v1', { messageId, code, message: '机顶盒已停用', phone: '0859-555-0110' });
  }

  progress(alarmId: string, revision: number, more: object = {}): void {
    this.say('progress', 'cn.shouwang.alarm.progress.v1', {
      alarmId,
      caseNo: '20261123-0007',
      revision,
      state: 'received',
      since: 1,
      receivedAt: 1,
      reopened: 0,
      ...more,
    });
  }

  notice(staffed: boolean, name = '平安镇综治中心', phone = '0859-555-0110'): void {
    this.say('notice', 'cn.shouwang.centre.notice.v1', { name, phone, staffed });
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    const { aedes, server } = { aedes: this.#aedes, server: this.#server };
    this.#aedes = this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
    if (aedes) await new Promise<void>((resolve) => aedes.close(() => resolve()));
  }
}
