/** The platforms of production, by name. A maker's box is added here and nowhere else. */
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { BridgeConfig } from '../config.ts';
import type { Platform } from '../platform.ts';
import { hasDevices } from './evdev/evdev-keys.ts';
import { createEvdevPlatform } from './evdev/platform.ts';
import { createThunderPlatform, thunderAnswers } from './thunder/platform.ts';

export interface PlatformDeps {
  config: BridgeConfig;
  clock: Clock;
  log: Logger;
}

interface Entry {
  /** Whether this box is one of these; asked in order when `platform: auto`. */
  fits(deps: PlatformDeps): boolean | Promise<boolean>;
  create(deps: PlatformDeps): Platform;
}

/** The more special first: a box with the RDK has input devices too. */
export const PLATFORMS: Record<Exclude<BridgeConfig['platform'], 'auto'>, Entry> = {
  thunder: { fits: thunderAnswers, create: createThunderPlatform },
  evdev: { fits: ({ config }) => hasDevices(config.evdev), create: createEvdevPlatform },
};

/** The platform that the configuration names, or the first that fits. Throws CONFIG_INVALID when none does. */
export async function pickPlatform(deps: PlatformDeps): Promise<Platform> {
  const { platform } = deps.config;
  if (platform !== 'auto') return PLATFORMS[platform].create(deps);
  for (const entry of Object.values(PLATFORMS)) if (await entry.fits(deps)) return entry.create(deps);
  throw new CodedError(
    'CONFIG_INVALID',
    `platform: none of ${Object.keys(PLATFORMS).join(', ')} fits this box; name one, or list evdev.devices`,
  );
}
