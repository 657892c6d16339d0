/** Simulated boxes inside one process, for tests, storms and benches. */
import { type Logger, pino } from 'pino';
import { type App, type AppDeps, createApp } from '../src/app.ts';
import { readBridgeConfig } from '../src/config.ts';
import { simulatedNetwork } from './network.ts';
import { createSimulatedPlatform, type SimulatedPlatform } from './platform.ts';

export { FakeClock } from '../src/testing/fake-clock.ts';
export { createSimulatedPlatform, type SimulatedPlatform } from './platform.ts';

export interface SimulatedBox {
  app: App;
  platform: SimulatedPlatform;
  /** Where the TV page is; empty before `start`. */
  readonly tvUrl: string;
  start(): Promise<void>;
  /** Presses and releases the SOS key. */
  pressSos(): void;
  close(): Promise<void>;
}

/**
 * A box with the bridge's own code. `config` holds only what differs from the defaults, nested as in the YAML file; `dataDir` should always
 * be there. The port is any free one unless given.
 */
export function createSimulatedBox(
  config: Record<string, unknown>,
  deps: Partial<Omit<AppDeps, 'platform'>> & { secret: string; log?: Logger },
): SimulatedBox {
  const platform = createSimulatedPlatform();
  const http = { port: 0, ...(config.http as object | undefined) };
  // JSON is YAML: the same reader, the same checks.
  const full = readBridgeConfig(JSON.stringify({ ...config, http }), {}, 'simulated box');
  const app = createApp(full, { readNetwork: simulatedNetwork(''), ...deps, platform, log: deps.log ?? pino({ level: 'silent' }) });
  let tvUrl = '';
  return {
    app,
    platform,
    get tvUrl() {
      return tvUrl;
    },
    async start() {
      ({ tvUrl } = await app.start());
    },
    pressSos() {
      platform.key('sos', 'down');
      platform.key('sos', 'up');
    },
    close: () => app.close(),
  };
}
