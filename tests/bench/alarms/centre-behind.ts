/** The centre's process behind another MQTT broker: `--config FILE --mqtt-port N`. The same intake, store and live feed as `broker/src/main.ts`. */
import { parseArgs } from 'node:util';
import { createApp, createLog, loadBrokerConfig, systemClock } from '../../../broker/src/index.ts';
import { ExternalFront } from './external-front.ts';

const { values } = parseArgs({ options: { 'mqtt-port': { type: 'string' } } });
const port = Number(values['mqtt-port']);
const config = loadBrokerConfig(undefined, process.env);
const app = createApp(config, {
  clock: systemClock,
  log: createLog(config.log.level),
  onFatal: (reason) => {
    console.error(reason);
    process.exit(70);
  },
  mqtt: (options) => new ExternalFront(port, options),
});
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
process.send?.({ ready: true, ...(await app.start()) });
