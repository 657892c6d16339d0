/**
 * ③ The MQTT connection: one MQTT.js client per attempt, so that nothing that an earlier connection queued or stored can
 * come out later and out of order. What must arrive is kept above (the outbox); here a publish either goes to a live
 * socket or fails.
 */
import type { Socket } from 'node:net';
import { CodedError, topics } from '@shouwang/protocol';
import { type IClientOptions, MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { Addresses } from './addresses.ts';
import { type BackoffSettings, backoff } from './backoff.ts';
import type { Dialler, Dialling } from './dial.ts';

export interface ConnectionDeps {
  addresses: Addresses;
  dialler: Dialler;
  boxId: string;
  /** The MQTT password for this address; empty: the certificate speaks for the box. */
  secret(url: string): string;
  /** The retained status as JSON text; `false` is the last will and the goodbye. */
  status(online: boolean): string;
  keepAliveS: number;
  reconnect: BackoffSettings;
  /** Attempts are at most so far apart while `urgent()`: an alarm waits. */
  urgentMaxMs: number;
  urgent(): boolean;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** The centre does not let this box in (CONNACK 5) [MQTT-3.2.2-4]. */
  onRefused(): void;
  /** Connected and subscribed. */
  onUp(): void;
  onDown(): void;
  onMessage(topic: string, payload: Buffer): void;
}

export interface Connection {
  readonly up: boolean;
  /** The address that is in use, or tried. */
  readonly url: string;
  start(): void;
  /** Tries at once if it is waiting for the next attempt; right after one, half a second after it. */
  hurry(): void;
  /**
   * QoS 1, not retained. Resolves when the operating system has taken every byte of it on a connected socket: that is
   * what the TV calls "sent". (The publish callback of MQTT.js is the PUBACK, its `packetsend` event comes before the
   * write.) Throws OFFLINE.
   */
  publish(topic: string, payload: string): Promise<void>;
  /** Leaves politely and comes again at once: with another certificate, or at the preferred address. */
  again(): void;
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
/** CONNACK return code (MQTT 3.1.1, 3.2.2.3). */
const NOT_AUTHORIZED = 5;
/** Not more often than this, however often the key is pressed. */
const HURRY_GAP_MS = 500;

export function createConnection(deps: ConnectionDeps): Connection {
  const { clock, log, boxId } = deps;
  const { addresses } = deps;
  let client: MqttClient | undefined;
  let dialling: Dialling | undefined;
  let url = addresses.current;
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

  function options(password: string): IClientOptions {
    return {
      clientId: boxId,
      username: `box:${boxId}`,
      ...(password && { password }),
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
    url = addresses.current;
    const mine = deps.dialler.dial(url);
    dialling = mine;
    mine.line.then(
      (line) => {
        if (dialling !== mine) return void line.destroy();
        dialling = undefined;
        greet(line);
      },
      (error: Error) => {
        if (dialling !== mine) return;
        dialling = undefined;
        failed(error.message);
      },
    );
  }

  function greet(line: Socket): void {
    silentSince = undefined;
    const mine = new MqttClient(() => line, options(deps.secret(url)));
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
    mine.on('error', (error) => {
      if (client === mine && (error as { code?: unknown }).code === NOT_AUTHORIZED) deps.onRefused();
      lost(mine, error.message);
    });
    mine.on('close', () => {
      patience.cancel();
      lost(mine, 'the connection closed');
    });
  }

  function ready(): void {
    up = true;
    upAt = clock.mono();
    lastProblem = '';
    log.info({ url }, 'connected to the centre');
    addresses.up(() => void again());
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
    const stable = wasUp && clock.mono() - upAt >= STABLE_MS;
    if (stable) attempt = 0;
    if (closing) return;
    if (wasUp) log.warn({ why, url }, 'the centre is lost');
    if (wasUp) deps.onDown();
    // After a good connection the same address is tried first.
    failed(why, stable);
  }

  function failed(why: string, stay = false): void {
    // The same problem every 30 s for a night is one line, not a thousand.
    if (why !== lastProblem) log.warn({ why, url }, 'the centre cannot be reached');
    lastProblem = why;
    if (stay) addresses.down();
    else addresses.failed();
    const { minMs, maxMs } = deps.reconnect;
    const bounds = { minMs, maxMs: deps.urgent() ? Math.min(maxMs, Math.max(minMs, deps.urgentMaxMs)) : maxMs };
    // Each address has its turn before the delay grows.
    retryIn(backoff(Math.floor(attempt++ / addresses.count), bounds, deps.random));
  }

  function again(): void {
    const mine = client;
    if (!up || !mine || closing) return;
    client = undefined;
    up = false;
    mine.on('error', () => {});
    // DISCONNECT discards the will [MQTT-3.14.4-3]: nobody is told that the box is offline.
    mine.end(false);
    addresses.down();
    deps.onDown();
    connect();
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
    get url() {
      return url;
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
    again,
    sayStatus,
    async close() {
      closing = true;
      retry?.cancel();
      retry = undefined;
      addresses.down();
      dialling?.cancel();
      dialling = undefined;
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
