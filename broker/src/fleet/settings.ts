/** The fleet's times, from the configuration's seconds. */
import type { BrokerConfig } from '../config.ts';
import type { FleetSettings } from './fleet.ts';

/** Everybody is looked at so often. */
const SWEEP_MS = 600_000;

export function fleetSettings(c: BrokerConfig['fleet']): FleetSettings {
  return {
    suspectAfterMs: c.suspectAfterS * 1000,
    offlineAfterMs: c.offlineAfterS * 1000,
    orderAfterMs: c.orderAfterS * 1000,
    graceMs: c.graceS * 1000,
    wellForMs: c.wellForS * 1000,
    reopenWithinMs: c.reopenWithinS * 1000,
    selfTestMs: c.selfTestS * 1000,
    personTestMs: c.personTestS * 1000,
    sweepMs: SWEEP_MS,
  };
}
