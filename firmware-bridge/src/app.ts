/** The bridge as one object: opens everything in order, closes it in reverse. `main` and the tests start the same. */
import { join } from 'node:path';
import { CodedError, type TvState } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import { createAlarmFile } from './alarm/alarm-file.ts';
import { type AlarmService, createAlarmService } from './alarm/alarm-service.ts';
import { createSilentAlarm, isSilent, type SilentAlarm } from './alarm/silent-alarm.ts';
import { type CentreInfo, createCentreInfo } from './centre-info.ts';
import { atMost, type Clock, systemClock, type Timer } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import { createFaults, type Faults } from './faults/register.ts';
import { type Watch, watchFaults } from './faults/watch.ts';
import { createIdentityFile } from './identity/identity-file.ts';
import { createKeeper, type Keeper } from './identity/keeper.ts';
import { createOnce, type Once } from './keys/once.ts';
import { createRecogniser, type Recogniser } from './keys/recogniser.ts';
import { createKnownTime, type KnownTime, knowsTime } from './known-time.ts';
import { neighbourhoodOf, type ReadText } from './neighbourhood/neighbourhood.ts';
import { createNoticeFile } from './notices/file.ts';
import { createNotices, type Notices } from './notices/notices.ts';
import { type DurableFs, nodeFs } from './outbox/durable-fs.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import type { Platform } from './platform.ts';
import { createRemoteConfigFile } from './remote-config/file.ts';
import { createRemoteConfig } from './remote-config/remote-config.ts';
import { createTestAlarm, type TestAlarm } from './self-test/test-alarm.ts';
import { createTvMemory, type TvMemory } from './tv-link/memory.ts';
import { createTvLink, type TvLink } from './tv-link/server.ts';
import { tvState } from './tv-link/state.ts';
import { createUpdate, type UpdateService } from './update/update.ts';
import { createLine, type Line } from './uplink/line.ts';
import { uplinkSettings } from './uplink/settings.ts';
import { createUplink } from './uplink/uplink.ts';
import { BRIDGE_VERSION } from './version.ts';
import { createWatchdog, type SignOfLife, type Watchdog } from './watchdog/watchdog.ts';

export interface AppDeps {
  platform: Platform;
  /** The box's secret (the content of `box.secretFile`); empty: it has a certificate only. */
  secret: string;
  log: Logger;
  clock?: Clock;
  fs?: DurableFs;
  random?: () => number;
  /** Reads the kernel's tables of routes and neighbours; tests stand in for them. */
  readNetwork?: ReadText;
  /** Whoever supervises this process, and how often it hears. */
  watchdog?: { signs: readonly SignOfLife[]; everyMs: number };
  /** Root of the versions, where `launch.sh` started this one; and how to end this process so that it starts the next. */
  launched?: { root: string; restart(): void };
}

export interface App {
  /** Throws CONFIG_INVALID where nobody says which box this is, PORT_BUSY. Resolves when the TV page can be opened; the centre need not be there. */
  start(): Promise<{ tvUrl: string; port: number }>;
  /** Closes everything in order. What is in the outbox stays for the next start. */
  close(): Promise<void>;
  /** What the TV is shown. */
  state(): TvState;
  /** Calls `listener` after each change of `state()`. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** The alarm, for whoever has no page: tests and simulated boxes. */
  readonly alarm: AlarmService;
  /** What is wrong with the box. */
  readonly faults: Faults;
}

/** Where nobody says how often he wants to hear that the bridge is well. */
const WATCHDOG_EVERY_MS = 10_000;
/** The sections that a remote configuration may touch. */
const REMOTE_SECTIONS = ['alarm', 'keys', 'uplink', 'log'] as const;
const RESTART_AGAIN_MS = 5000;

export function createApp(own: BridgeConfig, deps: AppDeps): App {
  const { platform, log } = deps;
  /** What is in force: the box's own, and the remote one over it. Its sections are changed in place, and read where they are used. */
  const config = structuredClone(own);
  const clock = deps.clock ?? systemClock;
  const fs = deps.fs ?? nodeFs;
  const random = deps.random ?? Math.random;
  const newId = (now: number) => v7({ msecs: Math.max(0, Math.floor(now)) });
  const listeners = new Set<() => void>();
  let boxId = config.box.id;
  let parts: Parts | undefined;
  /** Waits to end. */
  let ending: Timer | undefined;

  interface Parts {
    outbox: Outbox;
    alarm: AlarmService;
    test: TestAlarm;
    silent: SilentAlarm;
    centre: CentreInfo;
    keys: Recogniser;
    /** Keys of the page and of devices come in here. */
    presses: Once;
    line: Line;
    link: TvLink;
    memory: TvMemory;
    notices: Notices;
    time: KnownTime;
    faults: Faults;
    watch: Watch;
    keeper: Keeper;
    watchdog: Watchdog;
    update: UpdateService | undefined;
  }

  const onChange = () => {
    parts?.watch.look();
    parts?.line.uplink.healthChanged();
    parts?.link.changed();
    for (const listener of listeners) listener();
  };

  const remoteConfig = createRemoteConfig({
    clock,
    log,
    file: createRemoteConfigFile({ fs, dir: own.dataDir, log }),
    own,
    boxId: () => boxId,
    faults: { begin: (fault, detail) => parts?.faults.begin(fault, detail), clear: (fault) => parts?.faults.clear(fault) },
    apply(next, prove) {
      const newLine = JSON.stringify(next.uplink) !== JSON.stringify(config.uplink);
      if (next.log.level !== config.log.level) log.level = next.log.level;
      for (const section of REMOTE_SECTIONS) Object.assign(config[section], next[section]);
      if (newLine) parts?.line.renew();
      else if (prove) parts?.line.uplink.sync();
      // The heartbeat names the version.
      parts?.line.uplink.healthChanged();
    },
  });

  function build(): Parts {
    const { dataDir } = config;
    const outbox = createOutbox({
      fs,
      dir: join(dataDir, 'outbox'),
      clock,
      log,
      ...config.outbox,
      onStored: (entry) => {
        (entry.kind === 'test' ? test : alarm).onStored(entry);
        line.uplink.wake(false);
      },
      onHealth: onChange,
      onEvicted: () => watch.evicted(),
    });
    const faults = createFaults({
      clock,
      log,
      say: (report) => line.uplink.reportFault(report),
      onChange: () => line.uplink.healthChanged(),
    });
    const keysSeen = () => platform.keysFrom === 'page' || platform.claims().keyOutsidePage;
    const watch = watchFaults({
      clock,
      faults,
      flashHealthy: () => outbox.healthy,
      waiting: () => outbox.entries().length,
      maxEntries: config.outbox.maxEntries,
      keysSeen,
    });
    const wake = (urgent: boolean) => line.uplink.wake(urgent);
    const alarm = createAlarmService({
      boxId,
      clock,
      log,
      outbox,
      file: createAlarmFile({ fs, dir: dataDir, log }),
      settings: config.alarm,
      newId,
      wake,
      onChange,
    });
    const silent = createSilentAlarm({ boxId, clock, outbox, onScreen: () => alarm.onScreen, newId, wake, onHushEnd: onChange });
    const test = createTestAlarm({
      boxId,
      clock,
      log,
      outbox,
      settings: {
        lateMs: () => config.alarm.lateAfterS * 1000,
        everyMs: config.selfTest.everyH * 3_600_000,
        firstWithinMs: config.selfTest.firstWithinMin * 60_000,
      },
      random,
      newId,
      wake,
      onChange,
      onPassed: (testedAt) => memory.keep({ testedAt }),
    });
    const centre = createCentreInfo({ fs, dir: dataDir, log, configured: config.centre, onChange });
    const memory = createTvMemory({ fs, dir: dataDir, log, onChange });
    const keys = createRecogniser({
      clock,
      settings: config.keys,
      onAlarm: (gesture) => {
        const taken = gesture === 'silent' ? silent.press() : alarm.press(gesture);
        taken.catch((error) => log.error({ err: error }, 'a press of the alarm key could not be taken'));
      },
      onTest: () => {
        test.press().catch((error) => log.warn({ err: error }, 'the test could not be stored'));
      },
      onChange,
    });
    const presses = createOnce(clock, (key, action) => keys.key(key, action));
    const time = createKnownTime(clock);
    const notices = createNotices({ file: createNoticeFile({ fs, dir: dataDir, log }), boxId, clock, time, onChange });
    const keeper = createKeeper({
      boxId,
      file: createIdentityFile({ fs, dir: dataDir, log }),
      clock,
      random,
      newId,
      time,
      faults,
      log,
      ask: (request) => line.uplink.askCertificate(request),
      onNew: () => line.uplink.showNewCertificate(),
    });
    const makeUplink = () => {
      const { mqttUrl, mqttUrlBackup, pins } = config.centre;
      return createUplink({
        urls: mqttUrlBackup ? [mqttUrl, mqttUrlBackup] : [mqttUrl],
        pins,
        keeper,
        time,
        boxId,
        secret: deps.secret,
        version: BRIDGE_VERSION,
        settings: uplinkSettings(config.uplink),
        clock,
        random,
        newId,
        log,
        outbox,
        alarm,
        test,
        centre,
        health: () => ({
          outbox: outbox.healthy,
          keys: keysSeen(),
          time: knowsTime(clock.now()),
          waiting: outbox.entries().length,
          config: remoteConfig.version,
          faults: faults.kinds(),
        }),
        faults: () => faults.lasting(),
        neighbourhood: () => neighbourhoodOf(boxId, deps.readNetwork),
        onNotices: (told) => notices.take(told),
        onConfig: (signed) => void remoteConfig.take(signed),
        onReached: () => {
          // An answer on the old line says nothing about the new settings of the line.
          if (!line.renewing) void remoteConfig.reached();
          void update?.reached();
        },
        onChange,
      });
    };
    const line = createLine({ make: makeUplink, clock, random, log, onChange });
    const watchdog = createWatchdog({
      clock,
      log,
      checks: { outbox: () => outbox.healthy, keys: keysSeen },
      probeOutbox: () => outbox.check(),
      alarmOnlyInMemory: () => outbox.alarmOnlyInMemory,
      signs: deps.watchdog?.signs ?? [],
      everyMs: deps.watchdog?.everyMs ?? WATCHDOG_EVERY_MS,
      patienceMs: config.watchdog.patienceS * 1000,
    });
    /** Not while an alarm is only in this process, or a hand is on the key. */
    const restartSoon = () => {
      ending?.cancel();
      if (!outbox.alarmOnlyInMemory && !keys.busy) deps.launched?.restart();
      else ending = clock.after(RESTART_AGAIN_MS, restartSoon);
    };
    const update =
      deps.launched && createUpdate({ root: deps.launched.root, settings: config.update, clock, log, faults, restart: restartSoon });
    const link = createTvLink({
      ...config.http,
      log,
      state,
      calls: {
        watching: ({ onScreen }) => alarm.watching(onScreen),
        withdraw: () => alarm.withdraw(),
        detail: ({ about }) => alarm.detail(about),
        rate: ({ rating, alarmId }) => alarm.rate(rating, alarmId),
        dismiss: () => alarm.dismiss(),
        dismissTest: () => test.dismiss(),
        test: () => test.press(),
        settings: ({ settings }) => memory.keep({ settings }),
        readNotice: ({ noticeId }) => notices.read(noticeId),
        cameras: () => line.uplink.askCameras(),
        grants: ({ cameraIds, reason }) => line.uplink.askGrants(cameraIds, reason),
      },
      key: (key, action) => {
        // A key that went down in the page comes up there, even when a device was found in between.
        if (platform.keysFrom !== 'page' && action === 'down') throw new CodedError('NOT_ALLOWED', 'the box itself sees the keys');
        presses.fromPage(key, action);
      },
      health: () => {
        const unhealthy = watchdog.reasons();
        return {
          ok: unhealthy.length === 0,
          unhealthy,
          boxId,
          connected: line.uplink.connected,
          unanswered: outbox.entries().filter((e) => !isSilent(e)).length,
        };
      },
    });
    return {
      outbox,
      alarm,
      test,
      silent,
      centre,
      keys,
      presses,
      line,
      link,
      memory,
      notices,
      time,
      faults,
      watch,
      keeper,
      watchdog,
      update,
    };
  }

  function state(): TvState {
    const p = running();
    return tvState({
      boxId,
      place: config.box.place,
      keysFrom: platform.keysFrom,
      now: clock.now(),
      claims: platform.claims(),
      flashHealthy: p.outbox.healthy || p.silent.hushed,
      connected: p.line.uplink.connected,
      refused: p.line.uplink.refused,
      centre: p.centre.view(),
      gesture: p.keys.view(),
      alarm: p.alarm.tv(),
      test: p.test.tv(),
      reports: p.alarm.reports(),
      clockRight: p.time.agrees(),
      kept: p.memory.kept,
      notices: p.notices.tv(),
    });
  }

  function running(): Parts {
    if (!parts) throw new CodedError('INTERNAL', 'the bridge is not started');
    return parts;
  }

  return {
    async start() {
      boxId ||= (await platform.identity()).boxId ?? '';
      if (!boxId) throw new CodedError('CONFIG_INVALID', 'box.id: expected a box identifier; this platform knows none of its own');
      await remoteConfig.load();
      parts = build();
      // The port first: a second bridge by mistake must not touch the first one's files. Requests wait in the socket.
      const port = await parts.link.listen(async () => {
        await parts?.outbox.open();
        await parts?.alarm.load();
        await parts?.centre.load();
        await parts?.memory.load();
        await parts?.notices.load();
        await parts?.keeper.load();
      });
      await platform.start({
        key: (key, action) => parts?.presses.fromDevice(key, action),
        claimsChanged: onChange,
        wake: () => parts?.line.uplink.wake(true),
      });
      parts.watch.look();
      // Neither is waited for: flash that hangs must not keep the box from the centre.
      void remoteConfig.start();
      void parts.update?.start();
      parts.line.uplink.start();
      parts.test.start();
      parts.watchdog.start();
      const host = config.http.host === '::1' ? '[::1]' : config.http.host;
      return { tvUrl: `http://${host}:${port}/tv`, port };
    },
    async close() {
      if (!parts) return;
      ending?.cancel();
      const { link, keys, line, alarm, test, silent, outbox, centre, memory, notices, watch, watchdog, update } = parts;
      watchdog.close();
      test.stop();
      silent.stop();
      notices.stop();
      watch.close();
      await link.close();
      await platform.stop();
      keys.stop();
      await line.close();
      // Flash that hangs must not keep the process.
      const flushed = Promise.all([
        alarm.close(),
        outbox.close(),
        centre.idle(),
        memory.idle(),
        notices.idle(),
        remoteConfig.close(),
        update?.close(),
      ]);
      await atMost(clock, config.outbox.storeTimeoutMs, flushed);
    },
    state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get alarm() {
      return running().alarm;
    },
    get faults() {
      return running().faults;
    },
  };
}
