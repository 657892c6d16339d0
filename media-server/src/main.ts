/** The media server: `node media-server/src/main.ts [--config FILE]`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { asCoded, CodedError } from '@shouwang/protocol';
import { type App, createApp } from './app.ts';
import { loadConfig, type MediaConfig } from './config.ts';
import { type Log, makeLog } from './lib/log.ts';

/** sysexits.h: EX_CONFIG, EX_TEMPFAIL, EX_SOFTWARE. */
const EXIT_CONFIG = 78;
const EXIT_PORT = 75;
const EXIT_OTHER = 70;

/**
 * Pictures lie outside V8's heap, and V8 counts them. It collects whenever both together have grown by a tenth, which with ten cameras is every
 * 2.5 s, and each time goes through the 35 MB of objects that hardly change. So it waits until they have doubled, which took 2 % more memory with
 * a hundred cameras.
 */
const HEAP_GROWING_PERCENT = 100;

setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
/**
 * Young objects are collected by this thread alone: V8 would share the little there is among all cores, and wait for each. With ten cameras 9.4 % of a
 * core in place of 10.0 (medians of four looks in turns).
 */
setFlagsFromString('--no-parallel-scavenge');

function readConfigFile(): MediaConfig {
  let file: string | undefined;
  try {
    file = parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `command line: ${(error as Error).message}`);
  }
  const readText = (path: string) => readFileSync(path, 'utf8');
  if (file === undefined) return loadConfig({ name: 'built-in configuration', text: '', env: process.env, readText });
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${file}: cannot be read: ${(error as Error).message}`);
  }
  return loadConfig({ name: file, text, env: process.env, readText });
}

function readSecret(path: string): string | undefined {
  if (!path) return undefined;
  let secret: string;
  try {
    secret = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `centre.secretFile: expected a file with the node's secret: ${(error as Error).message}`);
  }
  if (!secret) throw new CodedError('CONFIG_INVALID', `centre.secretFile: expected a secret in ${path}, found an empty file`);
  return secret;
}

function closeOnSignals(app: App, log: Log): void {
  let closing = false;
  const stop = (why: string) => {
    if (closing) return;
    closing = true;
    log.info({ why }, 'closing');
    app.close().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'closing failed');
        process.exit(EXIT_OTHER);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // The parent died, or let go.
  if (process.send) process.on('disconnect', () => stop('parent gone'));
}

try {
  const config = readConfigFile();
  const log = makeLog(config.logLevel);
  const app = createApp(config, { log, secret: readSecret(config.centre.secretFile) });
  closeOnSignals(app, log);
  const addresses = await app.start();
  log.info({ ...addresses, cameras: config.cameras.length }, 'ready');
  process.send?.({ ready: true, ...addresses });
} catch (error) {
  const coded = asCoded(error);
  process.stderr.write(`${coded.code === 'INTERNAL' ? String((coded.cause as Error)?.stack ?? coded) : coded.message}\n`);
  process.exit(coded.code === 'CONFIG_INVALID' ? EXIT_CONFIG : coded.code === 'PORT_BUSY' ? EXIT_PORT : EXIT_OTHER);
}
