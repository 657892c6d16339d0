/** A Linux box whose remote is an input device. The devices are read, not grabbed (Node has no ioctl): other programs see the keys too. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadKeyMap } from '../../keys/key-map.ts';
import type { AlarmKey, Platform, PlatformEvents } from '../../platform.ts';
import type { PlatformDeps } from '../registry.ts';
import { type DeviceReader, readDevice } from './device-reader.ts';
import { createEventParser, EV_KEY, KEY_DOWN, KEY_UP, nativeEventBytes } from './events.ts';

const INPUT_DIR = '/dev/input';

function inputDevices(): string[] {
  try {
    return readdirSync(INPUT_DIR)
      .filter((name) => /^event\d+$/.test(name))
      .map((name) => join(INPUT_DIR, name));
  } catch {
    return [];
  }
}

export function hasInputDevices(): boolean {
  return inputDevices().length > 0;
}

export function createEvdevPlatform({ config, clock, log }: PlatformDeps): Platform {
  const { devices, eventBytes } = config.evdev;
  const size = eventBytes === 'auto' ? nativeEventBytes(process.arch) : eventBytes;
  const keyMap = loadKeyMap(config.keys, 'evdev');
  let readers: DeviceReader[] = [];

  function read(path: string, events: PlatformEvents): DeviceReader {
    let parse = createEventParser(size);
    const down = new Set<AlarmKey>();
    return readDevice({
      path,
      clock,
      log,
      onChunk(chunk) {
        for (const { type, code, value } of parse(chunk)) {
          const key = type === EV_KEY ? keyMap.get(code) : undefined;
          // Value 2 is a repeat.
          if (!key || (value !== KEY_DOWN && value !== KEY_UP)) continue;
          if (value === KEY_DOWN) down.add(key);
          else down.delete(key);
          events.key(key, value === KEY_DOWN ? 'down' : 'up');
        }
      },
      onState(open) {
        if (!open) {
          for (const key of down) events.key(key, 'up');
          down.clear();
          parse = createEventParser(size);
        }
        events.claimsChanged();
      },
    });
  }

  return {
    name: 'evdev',
    keysFrom: 'device',
    claims: () => ({ stored: true, survivesPowerLoss: true, keyOutsidePage: readers.some((r) => r.open) }),
    identity: async () => ({}),
    async start(events) {
      const paths = devices.length > 0 ? devices : inputDevices();
      if (paths.length === 0) log.warn({ dir: INPUT_DIR }, 'no input device: the alarm key cannot be seen');
      readers = paths.map((path) => read(path, events));
    },
    async stop() {
      await Promise.all(readers.map((r) => r.close()));
      readers = [];
    },
  };
}
