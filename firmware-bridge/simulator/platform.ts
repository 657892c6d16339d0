/** A set-top box that is not there: its remote is the keyboard in front of the TV page, its flash this machine's disk. */
import type { AlarmKey, KeyAction, Platform, PlatformEvents } from '../src/platform.ts';

export interface SimulatedPlatform extends Platform {
  /** A key edge, as if from the remote. */
  key(key: AlarmKey, action: KeyAction): void;
}

export function createSimulatedPlatform(): SimulatedPlatform {
  let events: PlatformEvents | undefined;
  return {
    name: 'simulator',
    keysFrom: 'page',
    claims: () => ({ stored: true, survivesPowerLoss: true, keyOutsidePage: false }),
    identity: async () => ({ boxId: 'box-0001' }),
    async start(given) {
      events = given;
    },
    async stop() {
      events = undefined;
    },
    key: (key, action) => events?.key(key, action),
  };
}
