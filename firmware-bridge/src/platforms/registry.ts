/** The platforms of production, by name. A maker's box is added here and nowhere else. */
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { BridgeConfig } from '../config.ts';
import type { Platform } from '../platform.ts';
import { hasDevices } from './evdev/evdev-keys.ts';
import { createEvdevPlatform } from './evdev/platform.ts';

export interface PlatformDeps {
  config: BridgeConfig;
  clock: Clock;
  log: Logger;
}

interface Entry {
  /** Whether this box is one of these; asked in order when `platform: auto`. */
  fits(deps: PlatformDeps): boolean;
  create(deps: PlatformDeps): Platform;
}

export const PLATFORMS: Record<Exclude<BridgeConfig['platform'], 'auto'>, Entry> = {
  evdev: { fits: ({ config }) => hasDevices(config.evdev), create: createEvdevPlatform },
};

/** The platform that the configuration names, or the first that fits. Throws CONFIG_INVALID when none does. */
export function pickPlatform(deps: PlatformDeps): Platform {
  const { platform } = deps.config;
  if (platform !== 'auto') return PLATFORMS[platform].create(deps);
  const found = Object.values(PLATFORMS).find((entry) => entry.fits(deps));
  if (!found)
    throw new CodedError(
      'CONFIG_INVALID',
      `platform: none of ${Object.keys(PLATFORMS).join(', ')} fits this box; name one, or list evdev.devices`,
    );
  return found.create(deps);
}
