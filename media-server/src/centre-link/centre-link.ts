/** The node's link to its centre by MQTT: says hello with its cameras, reports views, hears revocations. */
import { type CatalogueCamera, type MediaRevoke, type MediaUpKind, makeEvent, topics } from '@shouwang/protocol';
import { parseAs } from '@shouwang/protocol/validators';
import mqtt, { type MqttClient } from 'mqtt';
import type { Clock } from '../lib/clock.ts';
import { within } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { isView, type ViewJournal } from './view-journal.ts';

export interface CentreLinkOptions {
  mqttUrl: string;
  node: string;
  secret: string;
  epoch: string;
  publicUrl: string;
  cameras: readonly CatalogueCamera[];
  journal: ViewJournal;
  clock: Clock;
  log: Log;
  /** `saidAt`: by the centre's clock, ms since 1970. */
  onRevoke(revoke: MediaRevoke['data'], saidAt: number): void;
  /** Who else speaks with the centre. */
  channels?: readonly CentreChannel[];
  /** From a lost connection to the next try. */
  reconnectMs?: number;
}

/** Resolves when the centre has acknowledged; rejects where the connection is lost before. */
export type Publish = (kind: MediaUpKind, event: object) => Promise<void>;

/** A part of the node that has more to say than the greeting. */
export interface CentreChannel {
  /** A connection stands, and the centre knows the node. */
  connected(publish: Publish): void;
  /** Anything that came down. */
  hear(topic: string, text: string): void;
}

const RECONNECT_MS = 2000;
const KEEPALIVE_S = 30;
const GOODBYE_MS = 1000;

export class CentreLink {
  readonly #o: CentreLinkOptions;
  #client: MqttClient | undefined;
  #sending = false;
  #idle: (() => void)[] = [];

  constructor(options: CentreLinkOptions) {
    this.#o = options;
    options.journal.onAdded = () => void this.#sendViews();
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  /** Goes on trying for ever; a centre that is away stops nothing here. */
  start(): void {
    const { mqttUrl, node, secret, log, reconnectMs = RECONNECT_MS } = this.#o;
    const client = mqtt.connect(mqttUrl, {
      clientId: `media-${node}`,
      username: `media:${node}`,
      password: secret,
      protocolVersion: 4,
      clean: true,
      keepalive: KEEPALIVE_S,
      reconnectPeriod: reconnectMs,
      connectTimeout: 5000,
      // What must arrive is in the journal; nothing else may pile up.
      queueQoSZero: false,
      // The centre may enrol this node later, or may just be starting.
      reconnectOnConnackError: true,
    });
    this.#client = client;
    client.on('connect', () => void this.#greet(client));
    client.on('message', (topic, payload) => this.#hear(topic, payload.toString('utf8')));
    client.on('error', (error) => log.warn({ reason: error.message }, 'centre'));
    client.on('close', () => log.debug('centre: connection closed'));
  }

  /** Gives what is queued `ms` to get out, then leaves. */
  async close(ms: number): Promise<void> {
    const client = this.#client;
    if (!client) return;
    if (client.connected && (this.#sending || this.#o.journal.queue.length > 0)) {
      const sent = new Promise<void>((resolve) => this.#idle.push(resolve));
      await within(this.#o.clock, ms, sent, () => new Error('not all views reported')).catch((error) => this.#o.log.warn(error.message));
    }
    this.#client = undefined;
    // Politely only if nothing is under way: else it waits for acknowledgements, and on a dead line for the other end.
    const polite = client.connected && this.#o.journal.queue.length === 0;
    await within(this.#o.clock, GOODBYE_MS, client.endAsync(!polite), () => new Error('no goodbye')).catch(() => client.stream.destroy());
  }

  async #greet(client: MqttClient): Promise<void> {
    const { node, epoch, publicUrl, cameras, log } = this.#o;
    log.info({ node }, 'connected to the centre');
    try {
      await client.subscribeAsync(topics.mediaDownAny(node), { qos: 1 });
      await this.#publish('hello', makeEvent('cn.shouwang.media.hello.v1', this.#source, this.#id(), this.#now(), { epoch, publicUrl }));
      const list = { cameras: cameras.map((c) => ({ ...c })) };
      await this.#publish('cameras', makeEvent('cn.shouwang.media.cameras.v1', this.#source, this.#id(), this.#now(), list));
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'centre: greeting failed');
      return;
    }
    for (const channel of this.#o.channels ?? []) channel.connected((kind, event) => this.#publish(kind, event));
    await this.#sendViews();
  }

  /** One after the other, so that the ledger has them in order. */
  async #sendViews(): Promise<void> {
    if (this.#sending || !this.connected) return;
    this.#sending = true;
    try {
      for (let next = this.#o.journal.queue[0]; next && this.connected; next = this.#o.journal.queue[0]) {
        await this.#publish(isView(next) ? 'view' : 'refusal', next);
        this.#o.journal.acknowledge(next.id);
      }
    } catch (error) {
      this.#o.log.debug({ reason: (error as Error).message }, 'centre: a view waits for the next connection');
    } finally {
      this.#sending = false;
    }
    if (this.#o.journal.queue.length === 0) for (const done of this.#idle.splice(0)) done();
  }

  async #publish(kind: MediaUpKind, event: object): Promise<void> {
    const client = this.#client;
    if (!client) throw new Error('closed');
    await client.publishAsync(topics.mediaUp(this.#o.node, kind), JSON.stringify(event), { qos: 1 });
  }

  #hear(topic: string, text: string): void {
    for (const channel of this.#o.channels ?? []) channel.hear(topic, text);
    if (topic !== topics.mediaDown(this.#o.node, 'revoke')) return;
    try {
      const { data, time } = parseAs('MediaRevoke', text);
      this.#o.onRevoke(data, Date.parse(time));
    } catch (error) {
      this.#o.log.warn({ reason: (error as Error).message }, 'centre: a message that cannot be read');
    }
  }

  get #source(): string {
    return `media/${this.#o.node}`;
  }

  #now(): number {
    return this.#o.clock.now();
  }

  #id(): string {
    return uuid7(this.#now());
  }
}
