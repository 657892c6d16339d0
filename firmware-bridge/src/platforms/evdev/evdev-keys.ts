/** The alarm keys of all input devices of a box: those listed, or every one that is or appears in the folder and can send such a key. */
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { BridgeConfig } from '../../config.ts';
import type { KeyMap } from '../../keys/key-map.ts';
import type { PlatformEvents } from '../../platform.ts';
import { canSend } from './capabilities.ts';
import { type DeviceFolder, listDevices, watchDevices } from './device-folder.ts';
import { createDeviceKeys } from './device-keys.ts';
import { type DeviceReader, readDevice } from './device-reader.ts';
import { type EventBytes, nativeEventBytes } from './events.ts';
import { createHeldKeys } from './held-keys.ts';

export interface EvdevKeys {
  /** A device is being read now. */
  readonly open: boolean;
  /** And a key was heard from one: a device that is open need not be the remote that is in use. */
  readonly heard: boolean;
  start(events: Pick<PlatformEvents, 'key' | 'claimsChanged'>): void;
  /** Ends all readers. */
  stop(): Promise<void>;
}

export interface EvdevDeps {
  settings: BridgeConfig['evdev'];
  keyMap: KeyMap;
  clock: Clock;
  log: Logger;
}

/** Whether there is a device to read. */
export function hasDevices(settings: BridgeConfig['evdev']): boolean {
  return settings.devices.length > 0 || listDevices(settings.dir).length > 0;
}

export function createEvdevKeys({ settings, keyMap, clock, log }: EvdevDeps): EvdevKeys {
  const native = nativeEventBytes(process.arch);
  const size: EventBytes = settings.eventBytes === 'auto' ? native : settings.eventBytes;
  const readers = new Map<string, DeviceReader>();
  /** Devices that cannot send an alarm key; each is said once. */
  const others = new Set<string>();
  let heard = false;
  let closing: Promise<unknown>[] = [];
  let folder: DeviceFolder | undefined;
  let events: Parameters<EvdevKeys['start']>[0] | undefined;
  const edge = createHeldKeys(clock, (key, action) => events?.key(key, action));

  const anyOpen = () => [...readers.values()].some((r) => r.open);

  function hear(): void {
    if (heard) return;
    heard = true;
    events?.claimsChanged();
  }

  function add(path: string): void {
    const keys = createDeviceKeys(
      size,
      keyMap,
      (key, action, code) => {
        if (action === 'down') hear();
        edge(`${path} ${code}`, key, action);
      },
      (code) => {
        hear();
        // For whoever writes a key table; what a family presses is in no log otherwise.
        log.debug({ path, code }, 'a key without a function');
      },
    );
    readers.set(
      path,
      readDevice({
        path,
        clock,
        log,
        onChunk: keys.take,
        onState(open) {
          if (!open) keys.reset();
          heard &&= anyOpen();
          events?.claimsChanged();
        },
      }),
    );
  }

  function drop(path: string): void {
    const reader = readers.get(path);
    readers.delete(path);
    if (!reader) return;
    const gone = reader.close().finally(() => {
      closing = closing.filter((p) => p !== gone);
    });
    closing.push(gone);
  }

  function onDevices(paths: string[]): void {
    const wanted = paths.filter((path) => canSend(path, keyMap.keys(), native === 24 ? 64 : 32));
    for (const path of paths)
      if (!wanted.includes(path) && !others.has(path)) log.info({ path }, 'an input device that can send no alarm key is not read');
    others.clear();
    for (const path of paths) if (!wanted.includes(path)) others.add(path);
    for (const path of readers.keys())
      if (!wanted.includes(path)) {
        log.info({ path }, 'an input device is gone');
        drop(path);
      }
    for (const path of wanted) {
      const reader = readers.get(path);
      // A folder's notice is often about rights that were given after the device appeared.
      if (reader) reader.hurry();
      else {
        log.info({ path }, 'an input device is read');
        add(path);
      }
    }
  }

  return {
    get open() {
      return anyOpen();
    },
    get heard() {
      return heard;
    },
    start(given) {
      events = given;
      if (settings.devices.length > 0) for (const path of settings.devices) add(path);
      else {
        folder = watchDevices({ dir: settings.dir, rescanMs: settings.rescanS * 1000, clock, onDevices });
        if (readers.size === 0) log.warn({ dir: settings.dir }, 'no input device can send the alarm key: it cannot be seen yet');
      }
    },
    async stop() {
      // Keys let go by closing are no news.
      events = undefined;
      folder?.close();
      for (const path of [...readers.keys()]) drop(path);
      await Promise.all(closing);
    },
  };
}
