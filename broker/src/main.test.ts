/** The process: how it starts, ends, and dies. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { apiPaths, topics } from '@shouwang/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { dataFiles } from './data-files.ts';
import { verifyDatabase } from './ledger/verify.ts';
import { PASSWORD, SECRET } from './testing/centre.ts';
import { aFolder } from './testing/folder.ts';
import { anAlarm } from './testing/messages.ts';
import { TestClient } from './testing/mqtt-client.ts';
import { TestOperator } from './testing/operator.ts';
import { CentreProcess } from './testing/process.ts';
import { until } from './testing/until.ts';

const alarmTopic = topics.boxUp('box-0001', 'alarm');

async function aBox(mqttUrl: string): Promise<TestClient> {
  const box = await TestClient.connects(Number(new URL(mqttUrl).port), 'box:box-0001', { password: SECRET });
  onTestFinished(() => box.leaves());
  await box.subscribes(topics.boxDownAny('box-0001'));
  return box;
}

it('a bad key stops the start with one line that names it', async () => {
  const centre = CentreProcess.spawn(aFolder(), { SHOUWANG_BROKER_MQTT_HOLD_S: 'long' });
  expect(await centre.ends()).toBe(78);
  expect(centre.output).toMatch(/^broker: CONFIG_INVALID: built-in defaults: mqtt.holdS: expected number .*found "long"\n$/);
});

it('a bad key of the enrolment, or of a configuration file, is named too', async () => {
  const folder = aFolder();
  const enrolment = join(folder, 'mine.yaml');
  writeFileSync(enrolment, 'boxes: [{boxId: "a b"}]');
  const centre = CentreProcess.spawn(folder, { SHOUWANG_BROKER_ENROLMENT_FILE: enrolment });
  expect(await centre.ends()).toBe(78);
  expect(centre.output).toMatch(/mine.yaml: boxes\[0\]\.\w+: expected/);
  const file = join(folder, 'broker.yaml');
  writeFileSync(file, 'htpp: {port: 1}\n');
  const other = CentreProcess.spawn(folder, {}, ['--config', file]);
  expect(await other.ends()).toBe(78);
  expect(other.output).toMatch(/broker.yaml: htpp: expected one of the known keys/);
});

it('a busy port ends it with 75, the service and the key to change', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const centre = CentreProcess.spawn(aFolder(), { SHOUWANG_BROKER_HTTP_PORT: String(port), SHOUWANG_BROKER_LOG_LEVEL: 'silent' });
  expect(await centre.ends()).toBe(75);
  expect(centre.output).toMatch(
    new RegExp(`^broker: PORT_BUSY: HTTP of the broker wants 127.0.0.1:${port} .*http.port or SHOUWANG_BROKER_HTTP_PORT\\n$`),
  );
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s closes everything in order: exit 0, a signed ledger, no half-written file', async (signal) => {
  const folder = aFolder();
  const centre = CentreProcess.spawn(folder);
  const { mqttUrl } = await centre.ready();
  await (await aBox(mqttUrl)).publishes(alarmTopic, anAlarm('box-0001'));
  centre.child.kill(signal);
  expect(await centre.ends()).toBe(0);
  const files = dataFiles(join(folder, 'data'));
  expect(existsSync(`${files.database}-wal`)).toBe(false);
  const verified = verifyDatabase(files.database, files.ledgerKey);
  expect(verified).toMatchObject({ ok: true, problems: [] });
  expect(verified.signedUpTo).toBe(verified.rows);
  expect(readdirSync(join(folder, 'data', 'keys')).sort()).toEqual(['grants-ed25519.pem', 'ledger-ed25519.pem']);
  expect(statSync(files.grantKey).mode & 0o777).toBe(0o600);
});

it('it ends when its parent is gone', async () => {
  const centre = CentreProcess.spawn(aFolder());
  await centre.ready();
  centre.child.disconnect();
  expect(await centre.ends()).toBe(0);
});

it('kill -9 in a storm: every acknowledged and every received alarm is a case, exactly one, and the chain is whole', async () => {
  const folder = aFolder();
  // One box plays the storm of many.
  const storm = { SHOUWANG_BROKER_MQTT_BOX_ALARM_BURST: '10000' };
  const first = CentreProcess.spawn(folder, storm);
  const box = await aBox((await first.ready()).mqttUrl);
  const alarms = Array.from({ length: 3000 }, () => anAlarm('box-0001'));
  const acknowledged = new Set<string>();
  const outcomes = alarms.map((a) =>
    box.publishes(alarmTopic, a).then(
      () => void acknowledged.add(a.id),
      () => undefined,
    ),
  );
  await until('the storm is under way', () => acknowledged.size > 200);
  first.child.kill('SIGKILL');
  await first.ends();
  await Promise.all(outcomes);
  const received = new Set(box.heard.filter((h) => h.topic.endsWith('/received')).map((h) => h.event.data.messageId as string));
  expect(acknowledged.size).toBeLessThan(alarms.length);

  const second = CentreProcess.spawn(folder, storm);
  const { httpUrl, mqttUrl } = await second.ready();
  const opened = async () => {
    const ids: string[] = [];
    for (let after = 0; ; ) {
      const authorization = `Basic ${Buffer.from(`110:${SECRET}`).toString('base64')}`;
      const answer = await fetch(`${httpUrl}${apiPaths.integratorEvents}?after=${after}&limit=1000`, { headers: { authorization } });
      const { events } = (await answer.json()) as { events: { data: { seq: number; event: string; alarmId: string } }[] };
      if (events.length === 0) return ids;
      ids.push(...events.filter((e) => e.data.event === 'opened').map((e) => e.data.alarmId));
      after = events.at(-1)!.data.seq;
    }
  };
  const afterRestart = new Set(await opened());
  expect([...acknowledged, ...received].filter((id) => !afterRestart.has(id))).toEqual([]);

  const again = await aBox(mqttUrl);
  await Promise.all(alarms.map((a) => again.publishes(alarmTopic, a)));
  await until(
    'every alarm is answered',
    () => new Set(again.heard.filter((h) => h.topic.endsWith('/received')).map((h) => h.event.data.messageId)).size === 3000,
  );
  const all = await opened();
  expect([all.length, new Set(all).size]).toEqual([3000, 3000]);
  const files = dataFiles(join(folder, 'data'));
  expect(verifyDatabase(files.database, files.ledgerKey)).toMatchObject({ ok: true });
}, 60_000);

it('a store that dies ends the process with a clear line; nothing that was answered is gone', async () => {
  const folder = aFolder();
  const crash = join(folder, 'crash.mjs');
  writeFileSync(
    crash,
    `import { isMainThread } from 'node:worker_threads';
     import { existsSync } from 'node:fs';
     if (!isMainThread) setInterval(() => { if (existsSync(${JSON.stringify(join(folder, 'now'))})) throw new Error('a crash for the test'); }, 5);`,
  );
  const centre = CentreProcess.spawn(folder, { NODE_OPTIONS: `--import ${crash}` });
  const box = await aBox((await centre.ready()).mqttUrl);
  const alarm = anAlarm('box-0001');
  await box.publishes(alarmTopic, alarm);
  writeFileSync(join(folder, 'now'), '');
  expect(await centre.ends()).toBe(70);
  expect(centre.output).toContain('the store died: a crash for the test');

  const second = CentreProcess.spawn(folder);
  const operator = new TestOperator((await second.ready()).httpUrl);
  await operator.logsIn('zhiban', PASSWORD);
  expect((await operator.json('GET', apiPaths.cases)).cases).toMatchObject([{ alarmId: alarm.id }]);
}, 60_000);

it('two centres do not write one ledger', async () => {
  const folder = aFolder();
  await CentreProcess.spawn(folder).ready();
  const second = CentreProcess.spawn(folder);
  expect(await second.ends()).toBe(78);
  expect(second.output).toContain('dataDir: expected a directory that no other process uses');
});

it('`ledger verify` says whether the chain is whole, also while the centre runs', async () => {
  const folder = aFolder();
  const centre = CentreProcess.spawn(folder);
  const { mqttUrl } = await centre.ready();
  await (await aBox(mqttUrl)).publishes(alarmTopic, anAlarm('box-0001'));
  const cli = new URL('./cli.ts', import.meta.url).pathname;
  const dir = join(folder, 'data');
  expect(execFileSync(process.execPath, [cli, 'ledger', 'verify', '--data-dir', dir], { encoding: 'utf8' })).toContain(
    'The chain is whole.',
  );
  centre.child.kill('SIGTERM');
  await centre.ends();

  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(dataFiles(dir).database);
  db.exec(`update ledger set event = replace(event, '"received"', '"closed"') where kind = 'case.opened'`);
  db.close();
  const tampered = spawnSync(process.execPath, [cli, 'ledger', 'verify', '--data-dir', dir], { encoding: 'utf8' });
  expect([tampered.status, /row \d+: its hash does not fit/.test(tampered.stdout)]).toEqual([1, true]);
  expect(spawnSync(process.execPath, [cli, 'ledger', 'burn'], { encoding: 'utf8' }).status).toBe(64);
}, 60_000);
