/** A centre with TLS, and the two command lines with which an engineer enrols a box: the bridge's own and the centre's. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminPaths } from '@shouwang/protocol';
import { freePorts } from './ports.ts';
import { ROOT } from './service.ts';
import { startWorld, VILLAGE, type World, type WorldOptions } from './world.ts';

export interface TlsWorld {
  world: World;
  tlsPort: number;
  /** `centre.pins` of the bridge. */
  pin: string;
  tlsUrl: string;
  ends(): Promise<void>;
}

/** Starts a world whose centre has a CA and a TLS listener. */
export async function startTlsWorld(options: WorldOptions = {}): Promise<TlsWorld> {
  const [tlsPort = 0] = await freePorts(1);
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-ca-'));
  const passphraseFile = join(dir, 'passphrase');
  writeFileSync(passphraseFile, 'a passphrase for flows only', { mode: 0o600 });
  const world = await startWorld({
    ...options,
    brokerEnv: {
      SHOUWANG_BROKER_MQTT_TLS_ENABLED: 'true',
      SHOUWANG_BROKER_MQTT_TLS_PORT: String(tlsPort),
      SHOUWANG_BROKER_CA_PASSPHRASE_FILE: passphraseFile,
      ...options.brokerEnv,
    },
  });
  const pin = await centreSays(world, 'pin');
  return {
    world,
    tlsPort,
    pin,
    tlsUrl: `mqtts://127.0.0.1:${tlsPort}`,
    async ends() {
      await world.ends();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** `npm run box -- …` at this centre; what it printed. Rejects with its complaint. */
export function centreSays(world: World, ...args: string[]): Promise<string> {
  return runs('broker/src/box-cli.ts', [...args, '--data-dir', join(world.dir, 'broker')], world.dir, {});
}

/** A command of the bridge, on a box with this flash. */
export function boxSays(boxId: string, flash: string, ...args: string[]): Promise<string> {
  return runs('firmware-bridge/src/main.ts', args, flash, {
    SHOUWANG_BRIDGE_BOX_ID: boxId,
    SHOUWANG_BRIDGE_DATA_DIR: flash,
    SHOUWANG_BRIDGE_PLATFORM: 'evdev',
  });
}

/** Enrols a household with a secret, by the socket in the centre's data folder: what the command line does, without its start. */
export function enrolSecret(world: World, boxId: string, secret: string): Promise<void> {
  const household = { name: '王秀英', address: '平安村3组12号', phone: '13900000001', area: VILLAGE };
  const body = JSON.stringify({ boxes: [{ boxId, secret, ...household }] });
  const options = { socketPath: join(world.dir, 'broker/admin.sock'), method: 'POST', path: adminPaths.boxes };
  return new Promise((resolve, reject) => {
    const call = request({ ...options, headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume();
      answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`the centre said ${answer.statusCode}`))));
    });
    call.once('error', reject);
    call.end(body);
  });
}

/** What an engineer does, from the box to the centre and back. */
export async function enrolBox(world: World, boxId: string, flash: string): Promise<{ csrFile: string; certificateFile: string }> {
  const csrFile = join(flash, 'request.pem');
  const certificateFile = join(flash, 'certificate.pem');
  writeFileSync(csrFile, await boxSays(boxId, flash, 'enrol-request'));
  const household = ['--name', '王秀英', '--address', '平安村3组12号', '--phone', '13900000001', '--area', VILLAGE];
  await centreSays(world, 'enrol', '--box-id', boxId, ...household, '--csr', csrFile, '--out', certificateFile);
  await boxSays(boxId, flash, 'install-certificate', certificateFile);
  return { csrFile, certificateFile };
}

function runs(main: string, args: string[], cwd: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [`${ROOT}${main}`, ...args], { cwd, env: { PATH: process.env.PATH ?? '', ...env } });
  let out = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(out.trim()) : reject(new Error(`${main} ended with ${code}: ${complaint}`))));
  });
}
