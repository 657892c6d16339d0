/** A box as the centre sees it on the wire, without outbox and manners: for storms, lies and malformed payloads. */
import { makeEvent, type Received, type Rejected, topics } from '@shouwang/protocol';
import mqtt, { type MqttClient } from 'mqtt';
import { until } from './until.ts';

/** A UUIDv7 for tests: the time and a running number, so that each is different and sorts by making. */
let counter = 0;
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const n = (++counter).toString(16).padStart(12, '0');
  const salt = (process.pid & 0xfff).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${salt}-8000-${n}`;
}

export class WireBox {
  readonly boxId: string;
  readonly #client: MqttClient;
  /** `down/received` and `down/rejected` by message id. */
  readonly received = new Map<string, Received['data']>();
  readonly rejected = new Map<string, Rejected['data']>();
  readonly heard: { topic: string; payload: { id: string; type: string; data: Record<string, unknown> } }[] = [];

  private constructor(boxId: string, client: MqttClient) {
    this.boxId = boxId;
    this.#client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      const event = JSON.parse(String(payload)) as WireBox['heard'][number]['payload'];
      this.heard.push({ topic, payload: event });
      if (topic.endsWith('/down/received')) this.received.set(event.data.messageId as string, event.data as Received['data']);
      if (topic.endsWith('/down/rejected')) this.rejected.set(event.data.messageId as string, event.data as Rejected['data']);
    });
  }

  /** Connects and subscribes to what the centre says to this box. Rejects when the centre refuses. */
  static async connects(port: number, boxId: string, secret: string): Promise<WireBox> {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      clientId: boxId,
      username: `box:${boxId}`,
      password: secret,
      reconnectPeriod: 0,
      connectTimeout: 15_000,
      protocolVersion: 4,
    });
    const box = new WireBox(boxId, client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('closed before it was connected')));
    });
    await client.subscribeAsync(topics.boxDownAny(boxId), { qos: 1 });
    return box;
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  alarm(id = newId(), data: Record<string, unknown> = {}) {
    return WireBox.alarmOf(this.boxId, id, data);
  }

  /** An alarm that a box may raise before it is connected. */
  static alarmOf(boxId: string, id = newId(), data: Record<string, unknown> = {}) {
    const now = Date.now();
    return makeEvent('cn.shouwang.alarm.raised.v1', `box/${boxId}`, id, now, {
      pressedAt: now,
      gesture: 'hold' as const,
      withdrawWindowS: 0,
      ...data,
    });
  }

  /** Publishes at QoS 1 without waiting. */
  sends(kind: Parameters<typeof topics.boxUp>[1], payload: unknown): void {
    this.publishes(topics.boxUp(this.boxId, kind), payload);
  }

  publishes(topic: string, payload: unknown): void {
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    this.#client.publish(topic, body, { qos: 1 }, () => undefined);
  }

  isAnswered(id: string, timeoutMs = 30_000): Promise<{ received?: Received['data']; rejected?: Rejected['data'] }> {
    return until(
      `${this.boxId} has an answer to ${id}`,
      () => {
        const received = this.received.get(id);
        const rejected = this.rejected.get(id);
        return received ? { received } : rejected ? { rejected } : undefined;
      },
      timeoutMs,
    );
  }

  loses(): Promise<void> {
    return until('the connection is closed', () => !this.#client.connected).then(() => undefined);
  }

  async leaves(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
