/** What every main of the bridge does: configuration, log, signals, exit codes. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asCoded, CodedError, type ErrorCode } from '@shouwang/protocol';
import { type Logger, pino } from 'pino';
import { type AppDeps, createApp } from './app.ts';
import { type Clock, systemClock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import { loadConfig } from './load-config.ts';
import { checkOwner } from './owner.ts';
import type { Platform } from './platform.ts';
import { updateCommand } from './update/command.ts';
import { createFileSign } from './watchdog/file.ts';
import { createSystemdSign, systemdPeriod } from './watchdog/systemd.ts';

/** sysexits.h: EX_CONFIG, EX_TEMPFAIL, and EX_DATAERR for an update that is refused. */
const EXIT: Partial<Record<ErrorCode, number>> = {
  CONFIG_INVALID: 78,
  PORT_BUSY: 75,
  SIGNATURE_INVALID: 65,
  BAD_PAYLOAD: 65,
  NOT_ALLOWED: 65,
  TOO_LARGE: 65,
};
/** EX_SOFTWARE. */
const EXIT_OTHER = 70;
const WATCHDOG_EVERY_MS = 10_000;

export type MakePlatform = (deps: { config: BridgeConfig; clock: Clock; log: Logger }) => Platform | Promise<Platform>;

/**
 * Runs the bridge until SIGINT, SIGTERM, or the end of the parent process; or one command of an engineer, and ends.
 * `stands`: what a simulator puts in the place of the kernel.
 */
export async function run(makePlatform: MakePlatform, stands: Pick<AppDeps, 'readNetwork'> = {}): Promise<void> {
  try {
    const { config, command } = configured();
    const log = pino({ name: 'firmware-bridge', level: config.log.level }, pino.destination(command.length > 0 ? 2 : 1));
    if (command.length > 0) return await obey(command, config, log, makePlatform);
    const platform = await makePlatform({ config, clock: systemClock, log });
    const signs = [createSystemdSign(process.env, log), createFileSign(config.watchdog.file, log)].filter((s) => s !== undefined);
    const root = process.env.SHOUWANG_SLOTS;
    const app = createApp(config, {
      ...stands,
      platform,
      secret: readSecret(config),
      log,
      watchdog: { signs, everyMs: Math.min(systemdPeriod(process.env) ?? WATCHDOG_EVERY_MS, WATCHDOG_EVERY_MS) },
      ...(root ? { launched: { root, restart: () => stop('update') } } : {}),
    });
    const stop = closer(() => app.close(), log);
    // launch.sh: the trial of this version is over.
    if (root) process.on('SIGUSR2', () => app.endSoon());
    const ready = await app.start();
    log.info({ ...ready, platform: platform.name }, 'ready');
    process.send?.({ ready: true, ...ready });
  } catch (error) {
    fail(error);
  }
}

/** Says in one line what is wrong, and ends the process with its code. */
export function fail(error: unknown): never {
  const coded = asCoded(error);
  process.stderr.write(`${coded.code === 'INTERNAL' ? String((coded.cause as Error)?.stack ?? coded) : coded.message}\n`);
  process.exit(EXIT[coded.code] ?? EXIT_OTHER);
}

async function obey(command: string[], config: BridgeConfig, log: Logger, makePlatform: MakePlatform): Promise<void> {
  const [name = '', file, ...rest] = command;
  const known = name === 'enrol-request' ? file === undefined : ['install-certificate', 'update'].includes(name) && file !== undefined;
  if (!known || rest.length > 0)
    throw new CodedError(
      'CONFIG_INVALID',
      `command line: expected enrol-request, install-certificate FILE or update FILE, found ${command.join(' ')}`,
    );
  const say = (text: string) => void process.stdout.write(text);
  if (name === 'update') return say(await updateCommand(file ?? '', config, process.env));
  const boxId = config.box.id || ((await (await makePlatform({ config, clock: systemClock, log })).identity()).boxId ?? '');
  if (!boxId) throw new CodedError('CONFIG_INVALID', 'box.id: expected a box identifier; this platform knows none of its own');
  // Only here: a running bridge does without.
  const { enrolRequest, installCertificate } = await import('./identity/commands.ts');
  checkOwner(config.dataDir);
  const deps = { dataDir: config.dataDir, boxId, log, say };
  await (file === undefined ? enrolRequest(deps) : installCertificate(file, deps));
}

function configured(): { config: BridgeConfig; command: string[] } {
  let file: string | undefined;
  let command: string[];
  try {
    const parsed = parseArgs({ options: { config: { type: 'string' } }, allowPositionals: true });
    file = parsed.values.config;
    command = parsed.positionals;
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `command line: ${(error as Error).message}`);
  }
  return { config: loadConfig(file, process.env), command };
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

/** Closes on signals, and when the function that it returns is called. */
function closer(close: () => Promise<void>, log: Logger): (why: string) => void {
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
  return stop;
}
