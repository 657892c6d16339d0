import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening, quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { createFileSign } from './file.ts';
import { createSystemdSign, systemdPeriod } from './systemd.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'signs-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const read = (name: string) => (existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : '');

describe('systemd', () => {
  const env = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000', PATH: process.env.PATH };
  /** In place of systemd-notify: writes down what it is told. */
  function program(more = ''): string {
    const path = join(dir, 'notify');
    writeFileSync(path, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>${dir}/told\n${more}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('is told three times as often as it asks for, and not at all where it did not start the bridge', () => {
    expect(systemdPeriod(env)).toBe(20_000);
    expect(systemdPeriod({ NOTIFY_SOCKET: '/run/x' })).toBe(undefined);
    expect(systemdPeriod({ WATCHDOG_USEC: '60000000' })).toBe(undefined);
    expect(createSystemdSign({}, quiet)).toBe(undefined);
  });

  it('hears of the start, of life with its state, and of the end', async () => {
    const sign = createSystemdSign(env, quiet, program())!;
    for (const [tell, line] of [
      [() => sign.ready(), '/run/x READY=1 WATCHDOG=1 STATUS=well\n'],
      [() => sign.alive(['keys']), '/run/x WATCHDOG=1 STATUS=not well: keys\n'],
      [() => sign.stopping(), '/run/x STOPPING=1\n'],
    ] as const)
      await until(line, () => {
        // Nothing is said while the one before is still being said.
        tell();
        return read('told').endsWith(line);
      });
  });

  it('that does not answer is not told over and over at the same time', async () => {
    const sign = createSystemdSign(env, quiet, program(`while [ ! -e ${dir}/go ]; do sleep 0.05; done`))!;
    sign.ready();
    await until('it was told', () => read('told'));
    for (let i = 0; i < 5; i++) sign.alive([]);
    writeFileSync(join(dir, 'go'), '');
    await until('the next one goes through', () => {
      sign.alive([]);
      return read('told').split('\n').length > 2;
    });
    expect(read('told')).not.toContain('WATCHDOG=1 STATUS=well\n/run/x WATCHDOG=1 STATUS=well\n/run/x WATCHDOG=1 STATUS=well\n/run/x');
  });

  it('that cannot be told is one line in the log', async () => {
    const { log, lines } = listening();
    const sign = createSystemdSign(env, log, join(dir, 'nothing'))!;
    sign.ready();
    await until('logged', () => lines.length === 1);
  });
});

it('the file is another one with every sign, whatever the clock says', async () => {
  const sign = createFileSign(join(dir, 'alive'), quiet)!;
  sign.ready();
  await until('ready', () => read('alive') === '1 ready\n');
  sign.alive([]);
  await until('well', () => read('alive') === '2 well\n');
  sign.alive(['outbox', 'keys']);
  await until('not well', () => read('alive') === '3 not well: outbox, keys\n');
  expect(createFileSign('', quiet)).toBe(undefined);
});

it('signs that come at once leave the newest in the file, whole', async () => {
  const sign = createFileSign(join(dir, 'alive'), quiet)!;
  for (let i = 0; i < 20; i++) sign.alive(['outbox', 'keys']);
  sign.ready();
  await until('the newest', () => read('alive') === '21 ready\n');
  sign.alive(['keys']);
  sign.alive([]);
  await until('the newest again', () => read('alive') === '23 well\n');
});
