/** ③ The box's voice: connection, presence, sync, the outbox's sender, questions; and the centre's answers in. */

import type { CamerasResult, ConfigSent, GrantsResult, NoticesTold, ViewAsked } from '@shouwang/protocol';
import { CodedError, makeEvent, type NearbyCamera, topics, type UpKind } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { AlarmService } from '../alarm/alarm-service.ts';
import type { CentreInfo } from '../centre-info.ts';
import type { Clock } from '../clock.ts';
import type { FaultReport } from '../faults/register.ts';
import type { Keeper } from '../identity/keeper.ts';
import type { KnownTime } from '../known-time.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { TestAlarm } from '../self-test/test-alarm.ts';
import { createAddresses } from './addresses.ts';
import { createAsks } from './asks.ts';
import { createConnection } from './connection.ts';
import { createDialler } from './dial.ts';
import { createHeartbeat, type Health } from './heartbeat.ts';
import { createInbox } from './inbox.ts';
import { createSender } from './sender.ts';
import type { UplinkSettings } from './settings.ts';
import { createSync } from './sync.ts';

export interface UplinkDeps {
  /** The centre's addresses, the preferred one first. */
  urls: readonly string[];
  /** Of `mqtts:` addresses: whose key the centre is known by. */
  pins: readonly string[];
  boxId: string;
  /** Empty: the box has a certificate only. */
  secret: string;
  keeper: Keeper;
  time: KnownTime;
  version: string;
  settings: UplinkSettings;
  clock: Clock;
  random: () => number;
  newId(now: number): string;
  log: Logger;
  outbox: Outbox;
  alarm: AlarmService;
  test: Pick<TestAlarm, 'onSent' | 'onReceived' | 'onRejected'>;
  centre: CentreInfo;
  /** How this box is, for its heartbeat. */
  health(): Health;
  /** What is broken now: said after every connect. */
  faults(): FaultReport[];
  /** Where the box stands in the network; undefined where it is not known. Never rejects. */
  neighbourhood(): Promise<string | undefined>;
  /** `down/notices`. */
  onNotices(d: NoticesTold['data']): void;
  /** `down/config`. */
  onConfig(d: ConfigSent['data']): void;
  /** The centre answered `up/sync`: it was reached, there and back. */
  onReached(): void;
  /** Connected, or no longer. */
  onChange(): void;
}

export interface Uplink {
  readonly connected: boolean;
  /** The centre did not let this box in the last time it answered. */
  readonly refused: boolean;
  start(): void;
  /** Something new is in the outbox; `urgent` cuts a wait for the next attempt to connect short. */
  wake(urgent: boolean): void;
  /** `up/sync` once more, if connected; every connect asks by itself. */
  sync(): void;
  /** `up/renew`. Throws OFFLINE. */
  askCertificate(a: { id: string; csr: string }): Promise<void>;
  /** Comes again with the new certificate, once nothing waits for an answer. */
  showNewCertificate(): void;
  /** `up/fault`, if the centre can be reached: what lasts is said again after the next connect. */
  reportFault(report: FaultReport): void;
  /** The health may have changed. */
  healthChanged(): void;
  /** Throws OFFLINE, TIMEOUT, or the centre's code. */
  askCameras(): Promise<CamerasResult>;
  /** Throws like `askCameras`. */
  askGrants(cameraIds: string[], reason: 'wall' | 'watch'): Promise<GrantsResult>;
  close(): Promise<void>;
}

export function createUplink(deps: UplinkDeps): Uplink {
  const { boxId, clock, log, outbox, alarm, centre, settings, keeper, time } = deps;
  /** A new certificate waits to be shown. */
  let comeAgain = false;
  let refused = false;
  const asks = createAsks(clock, settings.askTimeoutMs);
  const carry = (work: Promise<unknown>) => {
    work.catch((error) => log.error({ err: error }, 'an answer of the centre could not be taken in'));
  };

  const sender = createSender({
    clock,
    random: deps.random,
    retry: settings.retry,
    log,
    entries: () => outbox.entries(),
    publish: (entry) => connection.publish(topics.boxUp(boxId, entry.kind), JSON.stringify(entry.event)),
    onSent: (entry) => (entry.kind === 'test' ? deps.test : alarm).onSent(entry),
  });

  const inbox = createInbox(
    boxId,
    {
      received: (m) => {
        deps.test.onReceived(m.data);
        carry(alarm.onReceived(m.data).then(showIfIdle));
      },
      rejected: (m) => {
        if (asks.refuse(m.data.messageId, m.data.code) || keeper.rejected(m.data.messageId, m.data.code)) return;
        deps.test.onRejected(m.data.messageId);
        carry(alarm.onRejected(m.data));
      },
      progress: (m) => {
        sync.told(m.data.alarmId);
        carry(alarm.onProgress(m.data));
      },
      cameras: (m) => {
        if (m.data.boxId === boxId) asks.answer(m.data.requestId, { cameras: m.data.cameras satisfies NearbyCamera[] });
      },
      grant: (m) => asks.answer(m.data.requestId, { grants: m.data.grants, refused: m.data.refused }),
      notice: (m) => {
        centre.onNotice(m.data);
        // Over TLS only: there it is certain who says it.
        if (connection.url.startsWith('mqtts:')) {
          time.heard(Date.parse(m.time));
          keeper.connected();
        }
        sync.heard();
      },
      notices: (m) => deps.onNotices(m.data),
      config: (m) => deps.onConfig(m.data),
      certificate: (m) => carry(keeper.take(m.data)),
    },
    log,
  );

  const heartbeat = createHeartbeat({
    clock,
    random: deps.random,
    everyMs: settings.heartbeatMs,
    version: deps.version,
    health: deps.health,
    neighbourhood: deps.neighbourhood,
    publish: () => connection.sayStatus(),
  });

  const sync = createSync({
    clock,
    random: deps.random,
    publish() {
      const open = alarm.openIds();
      carry(publish('sync', event('cn.shouwang.box.sync.v1', { open, version: deps.version })));
      // What the centre has not received is answered by itself.
      return open.filter((id) => !outbox.get(id));
    },
    onAnswered: deps.onReached,
  });

  const alarmWaits = () => outbox.entries().some((entry) => entry.kind === 'alarm');
  const dialler = createDialler({
    clock,
    pins: deps.pins,
    // A clock that nobody confirmed may be years ahead. It must not keep an alarm from the centre, whose key is pinned.
    now: () => (alarmWaits() ? time.fromCentre() : time.now()),
    identity: () => keeper.identity(),
  });

  const connection = createConnection({
    addresses: createAddresses({
      urls: deps.urls,
      dialler,
      clock,
      random: deps.random,
      log,
      returnAfterMs: settings.returnAfterMs,
      busy: alarmWaits,
    }),
    dialler,
    boxId,
    // A box that shows its certificate keeps its secret to itself.
    secret: (url) => (url.startsWith('mqtts:') && keeper.identity() ? '' : deps.secret),
    urgentMaxMs: settings.reconnectAlarmMaxMs,
    urgent: alarmWaits,
    onRefused() {
      const was = refused;
      refused = true;
      if (!was) deps.onChange();
      // Elsewhere it was the secret that was refused.
      if (connection.url.startsWith('mqtts:')) keeper.refused();
    },
    status: (online) => JSON.stringify(heartbeat.status(online)),
    keepAliveS: settings.keepAliveS,
    reconnect: settings.reconnect,
    clock,
    random: deps.random,
    log,
    onUp() {
      // Whatever certificate there is was shown just now.
      comeAgain = false;
      refused = false;
      sync.ask();
      for (const fault of deps.faults()) reportFault(fault);
      sender.connected();
      heartbeat.connected();
      if (connection.url.startsWith('mqtts:')) keeper.connected();
      deps.onChange();
    },
    onDown() {
      sync.stop();
      keeper.disconnected();
      heartbeat.disconnected();
      sender.disconnected();
      asks.failAll('OFFLINE');
      centre.onDisconnect();
      deps.onChange();
    },
    onMessage: inbox,
  });

  function event<const T extends string, D>(type: T, data: D) {
    const now = clock.now();
    return makeEvent(type, `box/${boxId}`, deps.newId(now), now, data);
  }

  function publish(kind: UpKind, message: object): Promise<void> {
    return connection.publish(topics.boxUp(boxId, kind), JSON.stringify(message));
  }

  function showIfIdle(): void {
    if (!comeAgain || outbox.entries().length > 0) return;
    comeAgain = false;
    connection.again();
  }

  function reportFault(report: FaultReport): void {
    if (!connection.up) return;
    publish('fault', event('cn.shouwang.box.fault.v1', report)).catch(() => {
      // The connection went in between.
    });
  }

  async function ask<T>(data: ViewAsked['data']): Promise<T> {
    if (!connection.up) throw new CodedError('OFFLINE');
    const question = event('cn.shouwang.box.view.v1', data);
    const answer = asks.wait<T>(question.id);
    publish('view', question).catch(() => asks.refuse(question.id, 'OFFLINE'));
    return answer;
  }

  return {
    get connected() {
      return connection.up;
    },
    get refused() {
      return refused;
    },
    start() {
      void heartbeat.refresh();
      connection.start();
    },
    wake(urgent) {
      sender.wake();
      if (urgent) connection.hurry();
    },
    sync() {
      if (connection.up) sync.ask();
    },
    askCertificate: ({ id, csr }) => publish('renew', makeEvent('cn.shouwang.box.renewal.v1', `box/${boxId}`, id, clock.now(), { csr })),
    showNewCertificate() {
      comeAgain = true;
      showIfIdle();
    },
    reportFault,
    healthChanged: () => heartbeat.look(),
    askCameras: () => ask({ ask: 'cameras' }),
    askGrants: (cameraIds, reason) => ask({ ask: 'grants', cameraIds, reason }),
    async close() {
      // What is answered from now on is an answer to nobody.
      sync.stop();
      keeper.disconnected();
      heartbeat.disconnected();
      sender.disconnected();
      asks.failAll('OFFLINE');
      centre.onDisconnect();
      await connection.close();
    },
  };
}
