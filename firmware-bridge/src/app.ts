/** The bridge as one object: opens everything in order, closes it in reverse. `main` and the tests start the same. */
import { CodedError, type TvState } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { AlarmService } from './alarm/alarm-service.ts';
import { atMost, type Clock, systemClock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import type { Faults } from './faults/register.ts';
import type { ReadText } from './neighbourhood/neighbourhood.ts';
import { type DurableFs, nodeFs } from './outbox/durable-fs.ts';
import { makeParts, type Parts } from './parts.ts';
import type { Platform } from './platform.ts';
import { createRemoteConfigFile } from './remote-config/file.ts';
import { createRemoteConfig } from './remote-config/remote-config.ts';
import { tvState } from './tv-link/state.ts';
import type { SignOfLife } from './watchdog/watchdog.ts';

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
  /** Ends by `launched.restart`, as soon as no alarm is in memory only. */
  endSoon(): void;
  /** What the TV is shown. */
  state(): TvState;
  /** Calls `listener` after each change of `state()`. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** The alarm, for whoever has no page: tests and simulated boxes. */
  readonly alarm: AlarmService;
  /** What is wrong with the box. */
  readonly faults: Faults;
}

/** The sections that a remote configuration may touch. */
const REMOTE_SECTIONS = ['alarm', 'keys', 'uplink', 'log'] as const;

export function createApp(own: BridgeConfig, deps: AppDeps): App {
  const { platform, log } = deps;
  /** What is in force: the box's own, and the remote one over it. Its sections are changed in place, and read where they are used. */
  const config = structuredClone(own);
  const clock = deps.clock ?? systemClock;
  const fs = deps.fs ?? nodeFs;
  const random = deps.random ?? Math.random;
  const listeners = new Set<() => void>();
  let boxId = config.box.id;
  let parts: Parts | undefined;

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
      parts = makeParts({ ...deps, boxId, config, clock, fs, random, remoteConfig, state, onChange });
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
      parts.ending.callOff();
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
    endSoon() {
      // Before there are parts there is no alarm.
      if (parts) parts.ending.soon();
      else deps.launched?.restart();
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
