/** Boxes come and go while the centre runs, by the command line on its own machine. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeadLetter } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operator } from '../harness/operator.ts';
import { ROOT } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { WireBox } from '../harness/wire-box.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let operator: Operator;
beforeAll(async () => {
  world = await startWorld({ boxes: 1 });
  operator = await world.operatorAway();
});
afterAll(() => world?.ends());

/** Runs a command of the centre's command line in a process of its own. Rejects when it ends with anything but 0. */
const cli = async (...words: string[]): Promise<string> => {
  const args = [join(ROOT, 'broker/src/cli.ts'), ...words, '--data-dir', join(world.dir, 'broker')];
  return (await promisify(execFile)(process.execPath, args, { encoding: 'utf8' })).stdout;
};
const deadLetters = async () => (await operator.get<{ deadLetters: DeadLetter[] }>('/api/v1/dead-letters')).deadLetters;

it('a box enrolled at run time raises an alarm without a restart; revoked, it is cut off and refused with a recorded reason', async () => {
  const secret = randomBytes(32).toString('base64url');
  const file = join(world.dir, 'boxes.csv');
  writeFileSync(file, `机顶盒编号,姓名,地址,电话,区划代码,密钥\r\nbox-new,陈大山,平安村5组1号,13900000009,522328101201,${secret}\r\n`);
  expect(await cli('boxes', 'import', file)).toContain('enrolled 1');

  const [box, neighbour] = await Promise.all([
    WireBox.connects(world.ports.mqtt, 'box-new', secret),
    WireBox.connects(world.ports.mqtt, world.boxId(0), world.secrets.boxes[0] ?? ''),
  ]);
  const alarm = box.alarm();
  box.sends('alarm', alarm);
  expect((await box.isAnswered(alarm.id)).received).toBeDefined();
  const found = (await operator.cases()).cases.find((c) => c.alarmId === alarm.id);
  expect(found?.household).toMatchObject({ name: '陈大山', phone: '13900000009' });

  expect(await cli('boxes', 'revoke', 'box-new')).toContain('revoked');
  await box.loses();
  await expect(WireBox.connects(world.ports.mqtt, 'box-new', secret)).rejects.toThrow();
  const refusal = await until('the refusal is recorded', async () => (await deadLetters()).find((d) => d.code === 'BOX_REVOKED'));
  expect(refusal).toMatchObject({ client: 'box-new', topic: 'CONNECT' });

  const after = neighbour.alarm();
  neighbour.sends('alarm', after);
  expect((await neighbour.isAnswered(after.id)).received).toBeDefined();
  expect(await cli('ledger', 'verify')).toContain('The chain is whole.');
  await Promise.all([box.leaves(), neighbour.leaves()]);
});

it('the command line says so where no centre runs', async () => {
  const nowhere = execFileFails('boxes', 'list', '--data-dir', join(world.dir, 'nowhere'));
  expect(await nowhere).toContain('OFFLINE: the centre does not run here');
});

async function execFileFails(...words: string[]): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'broker/src/cli.ts'), ...words], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}
