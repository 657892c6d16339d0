/** What every main of the bridge does: configuration, log, signals, exit codes. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asCoded, CodedError } from '@shouwang/protocol';
import { type Logger, pino } from 'pino';
import { type AppDeps, createApp } from './app.ts';
import { type Clock, systemClock } from './clock.ts';
import { type BridgeConfig, readBridgeConfig } from './config.ts';
import type { Platform } from './platform.ts';

/** sysexits.h: EX_CONFIG, EX_TEMPFAIL, EX_SOFTWARE. */
const EXIT_CONFIG = 78;
const EXIT_PORT = 75;
const EXIT_OTHER = 70;

export type MakePlatform = (deps: { config: BridgeConfig; clock: Clock; log: Logger }) => Platform | Promise<Platform>;

/** Runs the bridge until SIGINT, SIGTERM, or the end of the parent process. `stands`: what a simulator puts in the place of the kernel. */
export async function run(makePlatform: MakePlatform, stands: Pick<AppDeps, 'readNetwork'> = {}): Promise<void> {
  try {
    const config = loadConfig();
    const log = pino({ name: 'firmware-bridge', level: config.log.level });
    const platform = await makePlatform({ config, clock: systemClock, log });
    const app = createApp(config, { ...stands, platform, secret: readSecret(config), log });
    closeOnSignals(() => app.close(), log);
    const ready = await app.start();
    log.info({ ...ready, platform: platform.name }, 'ready');
    process.send?.({ ready: true, ...ready });
  } catch (error) {
    const coded = asCoded(error);
    process.stderr.write(`${coded.code === 'INTERNAL' ? String((coded.cause as Error)?.stack ?? coded) : coded.message}\n`);
    process.exit(coded.code === 'CONFIG_INVALID' ? EXIT_CONFIG : coded.code === 'PORT_BUSY' ? EXIT_PORT : EXIT_OTHER);
  }
}

function loadConfig(): BridgeConfig {
  let file: string | undefined;
  try {
    file = parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `command line: ${(error as Error).message}`);
  }
  if (file === undefined) return readBridgeConfig('', process.env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${file}: cannot be read: ${(error as Error).message}`);
  }
  return readBridgeConfig(text, process.env, file);
}

function readSecret(config: BridgeConfig): string {
  const path = config.box.secretFile;
  let secret: string;
  try {
    secret = readFileSync(path, 'utf8').trim();
  } catch (error) {
    // A box that was enrolled with a certificate has no secret.
    const { mqttUrl, mqttUrlBackup } = config.centre;
    const tlsOnly = [mqttUrl, mqttUrlBackup].every((url) => !url || url.startsWith('mqtts:'));
    if (tlsOnly && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new CodedError('CONFIG_INVALID', `box.secretFile: expected a file with the box's secret: ${(error as Error).message}`);
  }
  if (!secret) throw new CodedError('CONFIG_INVALID', `box.secretFile: expected a secret in ${path}, found an empty file`);
  return secret;
}

function closeOnSignals(close: () => Promise<void>, log: Logger): void {
  let closing = false;
  const stop = (why: string) => {
    if (closing) return;
    closing = true;
    log.info({ why }, 'closing');
    close().then(
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
