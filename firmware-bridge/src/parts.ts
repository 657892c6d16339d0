/** What the bridge is made of, and how each part hears of the others. Nothing runs yet: `app.ts` starts and ends it. */
import { join } from 'node:path';
import { CodedError, type TvState } from '@shouwang/protocol';
import { v7 } from 'uuid';
import { createAlarmFile } from './alarm/alarm-file.ts';
import { type AlarmService, createAlarmService } from './alarm/alarm-service.ts';
import { createSilentAlarm, isSilent, type SilentAlarm } from './alarm/silent-alarm.ts';
import type { AppDeps } from './app.ts';
import { type CentreInfo, createCentreInfo } from './centre-info.ts';
import type { Clock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import { createFaults, type Faults } from './faults/register.ts';
import { type Watch, watchFaults } from './faults/watch.ts';
import { createIdentityFile } from './identity/identity-file.ts';
import { createKeeper, type Keeper } from './identity/keeper.ts';
import { createOnce, type Once } from './keys/once.ts';
import { createRecogniser, type Recogniser } from './keys/recogniser.ts';
import { createKnownTime, type KnownTime, knowsTime } from './known-time.ts';
import { neighbourhoodOf } from './neighbourhood/neighbourhood.ts';
import { createNoticeFile } from './notices/file.ts';
import { createNotices, type Notices } from './notices/notices.ts';
import type { DurableFs } from './outbox/durable-fs.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import type { RemoteConfigService } from './remote-config/remote-config.ts';
import { createTestAlarm, type TestAlarm } from './self-test/test-alarm.ts';
import { createTvMemory, type TvMemory } from './tv-link/memory.ts';
import { createTvLink, type TvLink } from './tv-link/server.ts';
import { createEnding, type Ending } from './update/ending.ts';
import { createUpdate, type UpdateService } from './update/update.ts';
import { createLine, type Line } from './uplink/line.ts';
import { uplinkSettings } from './uplink/settings.ts';
import { createUplink } from './uplink/uplink.ts';
import { BRIDGE_VERSION } from './version.ts';
import { createWatchdog, type Watchdog } from './watchdog/watchdog.ts';

/** Where nobody says how often he wants to hear that the bridge is well. */
const WATCHDOG_EVERY_MS = 10_000;

export interface Parts {
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
  ending: Ending;
}

export interface Making extends Omit<AppDeps, 'clock' | 'fs' | 'random'> {
  boxId: string;
  /** What is in force. Its sections are changed in place, and read where they are used. */
  config: BridgeConfig;
  clock: Clock;
  fs: DurableFs;
  random(): number;
  remoteConfig: Pick<RemoteConfigService, 'version' | 'take' | 'reached'>;
  /** What the TV is shown. */
  state(): TvState;
  /** Something that the TV shows, or that the centre hears of the box, may be another. */
  onChange(): void;
}

export function makeParts(making: Making): Parts {
  const { boxId, config, platform, log, clock, fs, random, remoteConfig, state, onChange } = making;
  const newId = (now: number) => v7({ msecs: Math.max(0, Math.floor(now)) });
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
  const time = createKnownTime(clock, () => notices.timeChanged());
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
      secret: making.secret,
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
      neighbourhood: () => neighbourhoodOf(boxId, making.readNetwork),
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
    signs: making.watchdog?.signs ?? [],
    everyMs: making.watchdog?.everyMs ?? WATCHDOG_EVERY_MS,
    patienceMs: config.watchdog.patienceS * 1000,
  });
  const ending = createEnding({
    clock,
    log,
    busy: () => outbox.alarmOnlyInMemory || keys.busy,
    end: () => making.launched?.restart(),
  });
  const update =
    making.launched && createUpdate({ root: making.launched.root, settings: config.update, clock, log, faults, restart: ending.soon });
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
    ending,
  };
}
