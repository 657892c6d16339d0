/** ③ What the configuration says about the line, in the units of the code. */
import type { BridgeConfig } from '../config.ts';
import type { BackoffSettings } from './backoff.ts';

export interface UplinkSettings {
  keepAliveS: number;
  reconnect: BackoffSettings;
  /** Where an alarm waits, no pause is longer. */
  reconnectAlarmMaxMs: number;
  returnAfterMs: number;
  retry: BackoffSettings;
  askTimeoutMs: number;
  heartbeatMs: number;
}

export function uplinkSettings(config: BridgeConfig['uplink']): UplinkSettings {
  return {
    keepAliveS: config.keepAliveS,
    reconnect: { minMs: config.reconnectMinMs, maxMs: config.reconnectMaxMs },
    reconnectAlarmMaxMs: config.reconnectAlarmMaxMs,
    returnAfterMs: config.returnAfterS * 1000,
    retry: { minMs: config.retryMinMs, maxMs: config.retryMaxMs },
    askTimeoutMs: config.askTimeoutMs,
    heartbeatMs: config.heartbeatS * 1000,
  };
}
