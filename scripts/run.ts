/**
 * Runs everything on this machine: centre, sample cameras, a simulated box, media server. `npm start` calls it after set-up;
 * `node scripts/run.ts` does too where set-up has been done. Ends on Ctrl-C, SIGTERM, SIGHUP, or when whoever started it is gone.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { sampleCatalogue } from '../media-server/sample-cameras/catalogue.ts';
import { portOf, urlIn } from './run/addresses.ts';
import { freshLog, spawnChild } from './run/child.ts';
import { prepareDemo, writePrivate } from './run/demo.ts';
import * as plan from './run/plan.ts';
import { readSettings } from './run/settings.ts';
import { type Ready, StartFailure, Supervised } from './run/supervised.ts';
import { addressTable } from './run/table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** How long each process may take to become ready, and to end once it was asked to. */
const READY_LIMIT_MS = 60_000;
const GRACE_MS = 10_000;

const startedAt = performance.now();
const { env } = process;
// Everything of the demo lives below one folder, so that a second one can run beside it.
const dataDir = env.SHOUWANG_DATA_DIR ?? 'data';
const settings = {
  broker: readSettings(root, 'broker', 'SHOUWANG_BROKER', env),
  media: readSettings(root, 'media-server', 'SHOUWANG_MEDIA', env),
  bridge: readSettings(root, 'firmware-bridge', 'SHOUWANG_BRIDGE', env),
};
/** In the order in which they are ended: each before the one that it talks to. */
const running: { bridge?: Supervised; media?: Supervised; samples?: Supervised; broker?: Supervised } = {};

let stopping = false;
process.on('SIGINT', () => stop());
process.on('SIGTERM', () => stop());
process.on('SIGHUP', () => stop());
if (process.send) process.on('disconnect', () => stop());
// A closed terminal must not keep us from ending the others.
process.stdout.on('error', () => undefined);

try {
  await startAll();
  // Whoever waits for it (a test, a service manager) need not read the table.
  process.send?.({ ready: true });
} catch (error) {
  if (!stopping) await fail(error);
}

async function startAll(): Promise<void> {
  mkdirSync(join(root, dataDir), { recursive: true });
  const demo = prepareDemo(inRoot(dataDir, 'demo'), settings.media.text('centre.node') ?? 'media-1');
  const samplesWanted = plan.wantsSamples(settings);

  const broker = await start('broker', plan.brokerProcess(settings, demo), (ready) => ({
    ...plan.atTheSamePlace(settings.broker, { 'http.port': portOf(httpOf(ready)), 'mqtt.port': portOf(mqttOf(ready)) }, ready),
  }));
  const at = { brokerHttp: httpOf(broker), mqtt: mqttOf(broker), tv: '', media: '', rtsp: '' };

  const secretFile = settings.bridge.text('box.secretFile');
  const secretFileExists = secretFile !== undefined && existsSync(inRoot(secretFile));
  const [bridge, samples] = await Promise.all([
    start('bridge', plan.bridgeProcess(settings, demo, at, secretFileExists), (ready) =>
      plan.atTheSamePlace(settings.bridge, { 'http.port': portOf(tvOf(ready)) }, ready),
    ),
    samplesWanted ? start('samples', plan.samplesProcess(Number(env.SHOUWANG_SAMPLES_PORT ?? 8554)), () => ({})) : undefined,
  ]);
  at.tv = tvOf(bridge);
  at.rtsp = samples ? urlIn(samples, ['rtspUrl', 'rtsp', 'url'], `rtsp://127.0.0.1:${samples.port ?? 8554}`) : '';

  const camerasFile = samples ? inRoot(dataDir, 'demo', 'cameras.yaml') : undefined;
  if (camerasFile) writePrivate(camerasFile, stringify({ cameras: sampleCatalogue(at.rtsp) }));
  const media = await start('media', plan.mediaProcess(settings, demo, at, camerasFile, env.JEMALLOC_LIB), (ready) =>
    plan.atTheSamePlace(settings.media, { 'http.port': portOf(mediaOf(ready)) }, ready),
  );
  at.media = mediaOf(media);

  const shownDemo = { ...demo, integratorSecretFile: shown(demo.integratorSecretFile) };
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(addressTable({ at, demo: shownDemo, samples: samplesWanted, logs: `${dataDir}/logs`, seconds }));
}

/** Starts a process and keeps it running; `samePlace` gives the variables with which it comes back where it was. */
async function start(
  role: keyof typeof running,
  process_: plan.Process,
  samePlace: (ready: Ready) => Record<string, string>,
): Promise<Ready> {
  if (stopping) throw new StartFailure('stopped');
  const logFile = inRoot(dataDir, 'logs', `${process_.name}.log`);
  freshLog(logFile);
  const supervised = new Supervised({
    name: process_.name,
    logFile: shown(logFile),
    spawn: (previous) =>
      spawnChild({
        main: join(root, process_.main),
        args: process_.args,
        cwd: root,
        env: {
          ...plan.withDefaults(process_.defaults ?? {}, env),
          ...ownDataDir(process_),
          ...process_.env,
          ...(previous ? samePlace(previous) : {}),
        },
        logFile,
      }),
    say: (line) => console.log(line),
    now: () => performance.now(),
    setTimer: (ms, fn) => {
      const timer = setTimeout(fn, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    readyLimitMs: READY_LIMIT_MS,
  });
  supervised.onFailure = (failure) => void fail(failure);
  running[role] = supervised;
  return supervised.start();
}

/** With a data folder of its own, the services' data are there too, unless somebody has said where. */
function ownDataDir({ name }: plan.Process): Record<string, string> {
  const prefix = { broker: 'SHOUWANG_BROKER', 'media-server': 'SHOUWANG_MEDIA', 'firmware-bridge': 'SHOUWANG_BRIDGE' }[name];
  if (!prefix || !env.SHOUWANG_DATA_DIR || env[`${prefix}_DATA_DIR`]) return {};
  return { [`${prefix}_DATA_DIR`]: join(env.SHOUWANG_DATA_DIR, name) };
}

/** Prints what went wrong, ends everything, and exits 1. */
async function fail(error: unknown): Promise<void> {
  console.error(`\n${error instanceof StartFailure ? error.message : error instanceof Error ? error.stack : error}`);
  await stop(1);
}

/** Ends everything in order and exits; told a second time, at once. */
async function stop(code = 0): Promise<void> {
  const order = [running.bridge, running.media, running.samples, running.broker].filter((one) => one !== undefined);
  if (stopping) {
    for (const one of order) one.kill();
    return;
  }
  stopping = true;
  if (code === 0) console.log('\nStopping … (once more: at once)');
  for (const one of order) await one.stop(GRACE_MS);
  if (code === 0) console.log('Stopped.');
  process.exit(code);
}

function inRoot(...parts: string[]): string {
  const path = join(...parts);
  return isAbsolute(path) ? path : join(root, path);
}

/** A path as a person types it in the checkout. */
function shown(path: string): string {
  const below = relative(root, path);
  return below.startsWith('..') ? path : below;
}

function httpOf(ready: Ready): string {
  return urlIn(ready, ['httpUrl', 'http'], `http://127.0.0.1:${ready.httpPort ?? settings.broker.number('http.port') ?? 8800}`);
}
function mqttOf(ready: Ready): string {
  return urlIn(ready, ['mqttUrl', 'mqtt'], `mqtt://127.0.0.1:${ready.mqttPort ?? settings.broker.number('mqtt.port') ?? 1883}`);
}
function tvOf(ready: Ready): string {
  return urlIn(ready, ['tvUrl'], `http://127.0.0.1:${settings.bridge.number('http.port') ?? 8820}/tv`);
}
function mediaOf(ready: Ready): string {
  return urlIn(ready, ['publicUrl', 'http'], `http://127.0.0.1:${settings.media.number('http.port') ?? 8810}`);
}
