/** The centre's process. `--config FILE`; environment SHOUWANG_BROKER_… overrides. Exits 78 on bad configuration, 75 on a busy port, 70 when the store dies. */
import { parseArgs } from 'node:util';
import { asCoded, type CodedError } from '@shouwang/protocol';
import { type App, createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { loadBrokerConfig } from './config.ts';
import { createLog } from './log.ts';

/** sysexits(3). */
const EX_SOFTWARE = 70;
const EX_TEMPFAIL = 75;
const EX_CONFIG = 78;

/** All of the close together; each part has less. */
const CLOSED_WITHIN_MS = 20_000;

let app: App | undefined;
let ending = false;

/** One clear line, then the exit code. */
function giveUp(error: CodedError): never {
  process.stderr.write(`broker: ${error.message}\n`);
  if (error.code === 'INTERNAL') process.stderr.write(`${(error.cause as Error)?.stack ?? error.cause}\n`);
  process.exit(error.code === 'CONFIG_INVALID' ? EX_CONFIG : error.code === 'PORT_BUSY' ? EX_TEMPFAIL : EX_SOFTWARE);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const config = loadBrokerConfig(values.config, process.env);
  const log = createLog(config.log.level);

  const end = async (why: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'closing');
    // Nothing that was acknowledged is lost by ending here: a close is only more polite than a kill.
    systemClock.after(CLOSED_WITHIN_MS, () => {
      log.error({}, 'not closed in time, ending all the same');
      process.exit(EX_SOFTWARE);
    });
    await app?.close();
    log.info({}, 'closed');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(signal));
  if (process.send) process.on('disconnect', () => void end('parent is gone'));

  app = createApp(config, {
    clock: systemClock,
    log,
    onFatal: (reason) => {
      if (ending) return;
      log.fatal({ reason }, 'cannot go on; nothing that was not committed was acknowledged');
      process.exit(EX_SOFTWARE);
    },
  });
  const addresses = await app.start();
  log.info({ ...addresses }, 'ready');
  process.send?.({ ready: true, ...addresses });
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`broker: uncaught: ${error.stack ?? error.message}\n`);
  process.exit(EX_SOFTWARE);
});
main().catch((error: unknown) => giveUp(asCoded(error)));
