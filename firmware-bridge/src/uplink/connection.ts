/**
 * ③ The MQTT connection: one MQTT.js client per attempt, so that nothing that an earlier connection queued or stored can
 * come out later and out of order. What must arrive is kept above (the outbox); here a publish either goes to a live
 * socket or fails.
 */
import { CodedError, topics } from '@shouwang/protocol';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import { type BackoffSettings, backoff } from './backoff.ts';

export interface ConnectionDeps {
  url: string;
  boxId: string;
  secret: string;
  /** The retained status as JSON text; `false` is the last will and the goodbye. */
  status(online: boolean): string;
  keepAliveS: number;
  reconnect: BackoffSettings;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Connected and subscribed. */
  onUp(): void;
  onDown(): void;
  onMessage(topic: string, payload: Buffer): void;
}

export interface Connection {
  readonly up: boolean;
  start(): void;
  /** Tries at once if it is waiting for the next attempt; right after one, half a second after it. */
  hurry(): void;
  /**
   * QoS 1, not retained. Resolves when the operating system has taken every byte of it on a connected socket: that is
   * what the TV calls "sent". (The publish callback of MQTT.js is the PUBACK, its `packetsend` event comes before the
   * write.) Throws OFFLINE.
   */
  publish(topic: string, payload: string): Promise<void>;
  /** Says the retained status anew, if connected. Nobody waits for it. */
  sayStatus(): void;
  /** Says goodbye within a second, then closes. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that lasted this long was a good one: the next loss starts again with the shortest delay. */
const STABLE_MS = 10_000;
/** Something was sent, and nothing at all came back for so long. */
const SILENT_MS = 18_000;
const GOODBYE_MS = 1000;
/** Not more often than this, however often the key is pressed. */
const HURRY_GAP_MS = 500;

export function createConnection(deps: ConnectionDeps): Connection {
  const { clock, log, boxId } = deps;
  let client: MqttClient | undefined;
  let up = false;
  let closing = false;
  let attempt = 0;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let upAt = 0;
  let retry: Timer | undefined;
  /** Monotonic ms at which `retry` is due. */
  let retryAt = 0;
  let lastProblem = '';
  /** Monotonic ms of the first publish since the last packet from the centre. */
  let silentSince: number | undefined;

  function options(): IClientOptions {
    return {
      clientId: boxId,
      username: `box:${boxId}`,
      password: deps.secret,
      protocolVersion: 4,
      clean: true,
      keepalive: deps.keepAliveS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: topics.boxStatus(boxId), payload: Buffer.from(deps.status(false)), qos: 1, retain: true },
    };
  }

  function connect(): void {
    retry = undefined;
    attemptedAt = clock.mono();
    silentSince = undefined;
    let mine: MqttClient;
    try {
      mine = mqtt.connect(deps.url, options());
    } catch (error) {
      // E.g. a port out of range: thrown, not emitted.
      again((error as Error).message);
      return;
    }
    client = mine;
    // A broker that accepts but never confirms the subscription is as good as none.
    const patience = clock.after(CONNECT_TIMEOUT_MS * 2, () => lost(mine, 'the subscription was not confirmed'));
    mine.on('connect', () => {
      mine.subscribe(topics.boxDownAny(boxId), { qos: 1 }, (error, granted) => {
        patience.cancel();
        if (client !== mine) return;
        // 0x80: refused [MQTT-3.9.3-2]
        if (error || granted?.[0]?.qos === 128) lost(mine, error?.message ?? 'the subscription was refused');
        else ready();
      });
    });
    mine.on('packetreceive', () => {
      silentSince = undefined;
    });
    mine.on('message', (topic, payload) => {
      if (client === mine) deps.onMessage(topic, payload);
    });
    mine.on('error', (error) => lost(mine, error.message));
    mine.on('close', () => {
      patience.cancel();
      lost(mine, 'the connection closed');
    });
  }

  function ready(): void {
    up = true;
    upAt = clock.mono();
    lastProblem = '';
    log.info({ url: deps.url }, 'connected to the centre');
    sayStatus();
    deps.onUp();
  }

  function sayStatus(): void {
    if (up) client?.publish(topics.boxStatus(boxId), deps.status(true), { qos: 1, retain: true }, () => {});
  }

  function lost(which: MqttClient, why: string): void {
    if (client !== which) return;
    client = undefined;
    which.on('error', () => {});
    which.end(true);
    const wasUp = up;
    up = false;
    if (wasUp && clock.mono() - upAt >= STABLE_MS) attempt = 0;
    if (closing) return;
    if (wasUp) log.warn({ why, url: deps.url }, 'the centre is lost');
    if (wasUp) deps.onDown();
    again(why);
  }

  function again(why: string): void {
    // The same problem every 30 s for a night is one line, not a thousand.
    if (why !== lastProblem) log.warn({ why, url: deps.url }, 'the centre cannot be reached');
    lastProblem = why;
    retryIn(backoff(attempt++, deps.reconnect, deps.random));
  }

  function retryIn(ms: number): void {
    retry?.cancel();
    retryAt = clock.mono() + ms;
    retry = clock.after(ms, connect);
  }

  return {
    get up() {
      return up;
    },
    start: connect,
    hurry() {
      if (!retry || closing) return;
      const gap = attemptedAt + HURRY_GAP_MS - clock.mono();
      if (gap > 0) {
        if (clock.mono() + gap < retryAt) retryIn(gap);
        return;
      }
      retry.cancel();
      connect();
    },
    publish(topic, payload) {
      const mine = client;
      if (!up || !mine?.connected) return Promise.reject(new CodedError('OFFLINE'));
      // A line that died without a word looks connected until the keep-alive finds out, 45 s later. An alarm does not wait so long.
      const now = clock.mono();
      silentSince ??= now;
      if (now - silentSince > SILENT_MS) {
        lost(mine, 'the centre is silent');
        return Promise.reject(new CodedError('OFFLINE'));
      }
      return new Promise((resolve, reject) => {
        mine.publish(topic, payload, { qos: 1 }, (error) => {
          if (error) reject(new CodedError('OFFLINE', undefined, { cause: error }));
        });
        // Writes are in order: when an empty one has gone through, all before it have. MQTT.js corks its stream until the next tick.
        mine.stream.write(Buffer.alloc(0), (error?: Error | null) => {
          if (error) reject(new CodedError('OFFLINE', undefined, { cause: error }));
          else resolve();
        });
      });
    },
    sayStatus,
    async close() {
      closing = true;
      retry?.cancel();
      retry = undefined;
      const mine = client;
      if (!mine) return;
      if (up) await goodbye(mine, topics.boxStatus(boxId), deps.status(false), clock);
      up = false;
      client = undefined;
      mine.on('error', () => {});
      await new Promise<void>((resolve) => {
        const timer = clock.after(GOODBYE_MS, resolve);
        mine.end(true, () => {
          timer.cancel();
          resolve();
        });
      });
    },
  };
}

/** Publishes that the box leaves; waits for the PUBACK, but not long. DISCONNECT discards the will [MQTT-3.14.4-3]. */
function goodbye(client: MqttClient, topic: string, payload: string, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(GOODBYE_MS, resolve);
    client.publish(topic, payload, { qos: 1, retain: true }, () => {
      client.end(false, () => {
        timer.cancel();
        resolve();
      });
    });
  });
}
