/** A real MQTT client for tests, without manners: no reconnecting, no outbox. */
import mqtt, { type MqttClient } from 'mqtt';
import { until } from './until.ts';

export interface Heard {
  topic: string;
  /** The payload, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads of every type
  event: any;
  retain: boolean;
}

export class TestClient {
  readonly #client: MqttClient;
  readonly heard: Heard[] = [];
  /** Topics of publishes that were acknowledged, in order. */
  readonly acknowledged: string[] = [];

  private constructor(client: MqttClient) {
    this.#client = client;
    client.setMaxListeners(0);
    client.on('error', () => undefined);
    client.on('message', (topic, payload, packet) => this.heard.push({ topic, event: JSON.parse(String(payload)), retain: packet.retain }));
  }

  /** Connects; rejects when it is refused. The client id is the name's part after the colon unless given. */
  static async connects(
    port: number,
    userName: string,
    more: Pick<
      mqtt.IClientOptions,
      'clientId' | 'password' | 'keepalive' | 'will' | 'protocol' | 'key' | 'cert' | 'rejectUnauthorized'
    > = {},
  ): Promise<TestClient> {
    const [kind, name] = userName.split(':');
    const client = mqtt.connect(`${more.protocol ?? 'mqtt'}://127.0.0.1:${port}`, {
      clientId: kind === 'media' ? `media-${name}` : name,
      username: userName,
      protocolVersion: 4,
      reconnectPeriod: 0,
      keepalive: 30,
      ...more,
    });
    const test = new TestClient(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('closed')));
    });
    return test;
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** QoS granted for each filter; 128 = refused. */
  async subscribes(...filters: string[]): Promise<number[]> {
    return new Promise((resolve, reject) =>
      this.#client.subscribe(filters, { qos: 1 }, (error, granted, packet) => {
        const codes = (packet as { granted?: number[] } | undefined)?.granted ?? granted?.map((g) => g.qos as number);
        if (codes) resolve(codes);
        else reject(error ?? new Error('no answer'));
      }),
    );
  }

  /** Publishes at QoS 1; resolves at the PUBACK, rejects when the connection closes first. */
  publishes(topic: string, payload: unknown, options: { retain?: boolean; qos?: 0 | 1 | 2 } = {}): Promise<void> {
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    return new Promise((resolve, reject) => {
      const closed = (): void => reject(new Error('closed before it was acknowledged'));
      this.#client.once('close', closed);
      this.#client.publish(topic, body, { qos: 1, ...options }, (error) => {
        this.#client.off('close', closed);
        if (error) return reject(error);
        this.acknowledged.push(topic);
        resolve();
      });
    });
  }

  /** Waits for a message whose topic ends so and that fits. */
  hears(ending: string, test: (event: Heard['event']) => boolean = () => true): Promise<Heard> {
    return until(`a message on …${ending}`, () => this.heard.find((h) => h.topic.endsWith(ending) && test(h.event)));
  }

  losesConnection(): Promise<boolean> {
    return until('the connection is closed', () => !this.#client.connected);
  }

  /** Drops the connection without a DISCONNECT. */
  vanishes(): void {
    this.#client.stream.destroy();
  }

  async leaves(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
