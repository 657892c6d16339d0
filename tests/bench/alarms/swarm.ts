/**
 * Thousands of boxes as one light generator: MQTT 3.1.1 over plain sockets with mqtt-packet, nothing kept but times. The same one in
 * front of every system.
 */
import { connect, type Socket } from 'node:net';
import { makeEvent, topics } from '@shouwang/protocol';
import { generate, type Packet, parser } from 'mqtt-packet';

export interface Box {
  boxId: string;
  secret: string;
}

/** Times of one alarm, ms by `performance.now()`. */
export interface AlarmTimes {
  sentAt: number;
  pubackAt?: number;
  receivedAt?: number;
}

const KEEP_ALIVE_S = 300;
/** Connections being opened at the same time. */
const AT_ONCE = 200;

export class Swarm {
  readonly alarms = new Map<string, AlarmTimes>();
  /** How many alarms have their committed `received`. */
  received = 0;
  readonly #port: number;
  readonly #members: Member[] = [];
  #waiters: { n: number; go: () => void }[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** Connects every box and subscribes it to what the centre says to it. Throws when one is refused. */
  async connects(boxes: readonly Box[]): Promise<void> {
    for (let i = 0; i < boxes.length; i += AT_ONCE) {
      const some = boxes.slice(i, i + AT_ONCE);
      this.#members.push(...(await Promise.all(some.map((box) => Member.joins(this.#port, box, this.#hears)))));
    }
  }

  /** Box `i` raises an alarm. */
  raises(i: number): void {
    const member = this.#members[i % this.#members.length]!;
    const id = nextId();
    const times: AlarmTimes = { sentAt: performance.now() };
    this.alarms.set(id, times);
    member.publishes(alarm(member.boxId, id), () => {
      times.pubackAt = performance.now();
    });
  }

  /** Resolves when so many alarms have been answered, or the time is over. */
  answered(n: number, timeoutMs: number): Promise<void> {
    if (this.received >= n) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiters.push({
        n,
        go: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  leave(): void {
    for (const member of this.#members) member.leaves();
  }

  readonly #hears = (topic: string, payload: Buffer): void => {
    if (!topic.endsWith('/received')) return;
    const now = performance.now();
    const times = this.alarms.get(textAfter(payload, '"messageId":"'));
    if (!times || times.receivedAt !== undefined) return;
    times.receivedAt = now;
    this.received++;
    const due = this.#waiters.filter((w) => w.n <= this.received);
    this.#waiters = this.#waiters.filter((w) => w.n > this.received);
    for (const waiter of due) waiter.go();
  };
}

/** The text after a mark up to the next quote: cheaper than parsing ten thousand documents in the process that measures. */
export function textAfter(payload: Buffer | string, mark: string): string {
  const text = payload.toString();
  const from = text.indexOf(mark) + mark.length;
  return from < mark.length ? '' : text.slice(from, text.indexOf('"', from));
}

let counter = 0;
function nextId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(++counter).toString(16).padStart(12, '0')}`;
}

function alarm(boxId: string, id: string): { topic: string; payload: string } {
  const now = Date.now();
  const data = { pressedAt: now, gesture: 'hold', withdrawWindowS: 0 };
  return {
    topic: topics.boxUp(boxId, 'alarm'),
    payload: JSON.stringify(makeEvent('cn.shouwang.alarm.raised.v1', `box/${boxId}`, id, now, data)),
  };
}

/** One connection. */
class Member {
  readonly boxId: string;
  readonly #socket: Socket;
  readonly #acks = new Map<number, () => void>();
  #messageId = 0;

  private constructor(boxId: string, socket: Socket) {
    this.boxId = boxId;
    this.#socket = socket;
  }

  static joins(port: number, { boxId, secret }: Box, hears: (topic: string, payload: Buffer) => void): Promise<Member> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const member = new Member(boxId, socket);
      const parse = parser({ protocolVersion: 4 });
      parse.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connack') {
          if (packet.returnCode !== 0) return reject(new Error(`${boxId} was refused: ${packet.returnCode}`));
          member.#send({ cmd: 'subscribe', messageId: member.#next(), subscriptions: [{ topic: topics.boxDownAny(boxId), qos: 1 }] });
        } else if (packet.cmd === 'suback') resolve(member);
        else if (packet.cmd === 'puback') {
          const done = member.#acks.get(packet.messageId ?? 0);
          member.#acks.delete(packet.messageId ?? 0);
          done?.();
        } else if (packet.cmd === 'publish') {
          if (packet.qos === 1) member.#send({ cmd: 'puback', messageId: packet.messageId });
          hears(packet.topic, packet.payload as Buffer);
        }
      });
      socket.on('data', (chunk) => parse.parse(chunk));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${boxId} was cut off`)));
      socket.once('connect', () =>
        member.#send({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clean: true,
          clientId: boxId,
          keepalive: KEEP_ALIVE_S,
          username: `box:${boxId}`,
          password: Buffer.from(secret),
        }),
      );
    });
  }

  publishes({ topic, payload }: { topic: string; payload: string }, acknowledged: () => void): void {
    const messageId = this.#next();
    this.#acks.set(messageId, acknowledged);
    this.#send({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId });
  }

  leaves(): void {
    this.#socket.destroy();
  }

  #next(): number {
    this.#messageId = (this.#messageId % 65_535) + 1;
    return this.#messageId;
  }

  #send(packet: Packet): void {
    this.#socket.write(generate(packet, { protocolVersion: 4 }));
  }
}
