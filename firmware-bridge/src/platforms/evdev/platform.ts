/** A Linux box whose remote is an input device. The devices are read, not grabbed (Node has no ioctl): other programs see the keys too. */
import { loadKeyMap } from '../../keys/key-map.ts';
import type { Platform } from '../../platform.ts';
import type { PlatformDeps } from '../registry.ts';
import { createEvdevKeys } from './evdev-keys.ts';

export function createEvdevPlatform({ config, clock, log }: PlatformDeps): Platform {
  const keys = createEvdevKeys({ settings: config.evdev, keyMap: loadKeyMap(config.keys, 'evdev'), clock, log });
  return {
    name: 'evdev',
    keysFrom: 'device',
    claims: () => ({ stored: true, survivesPowerLoss: true, keyOutsidePage: keys.open }),
    identity: async () => ({}),
    start: async (events) => keys.start(events),
    stop: () => keys.stop(),
  };
}
