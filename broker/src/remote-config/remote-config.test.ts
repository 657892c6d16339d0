/** Remote configurations at the centre: from the command line to the boxes that they are for. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adminPaths, makeEvent, topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { dataFiles } from '../data-files.ts';
import { uuid7 } from '../ids.ts';
import { aCentre, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import type { TestClient } from '../testing/mqtt-client.ts';
import { configCommand } from './command.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

async function signed(folder: string, version: number, args: string[] = [], settings = 'alarm: { lateAfterS: 15 }'): Promise<string> {
  const [key, yaml, json] = ['key.pem', 'settings.yaml', `signed-${version}.json`].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  if (version === 1) await configCommand(['keygen', '--key', key], () => '');
  writeFileSync(yaml, settings);
  const text = await configCommand(['sign', '--key', key, '--kid', 'county', '--version', String(version), ...args, yaml], () => '');
  writeFileSync(json, text);
  return json;
}
const send = (centre: TestCentre, args: string[]) =>
  configCommand(['send', ...args], () => dataFiles(join(centre.folder, 'data')).adminSocket);
const syncs = (box: TestClient, boxId: string) =>
  box.publishes(
    topics.boxUp(boxId, 'sync'),
    makeEvent('cn.shouwang.box.sync.v1', `box/${boxId}`, uuid7(Date.now()), Date.now(), { open: [], version: '1' }),
  );
const versionOf = (event: { data: { payload: string } }) => JSON.parse(Buffer.from(event.data.payload, 'base64').toString()).version;

describe('a signed configuration', () => {
  it('goes at once to every box of the area that is there, and to the others after their sync; not to boxes elsewhere', async () => {
    const centre = await aCentre();
    const folder = aFolder();
    const [here, far] = [await centre.box('box-0001'), await centre.box('box-far')];
    const said = await send(centre, ['--area', VILLAGE.slice(0, 9), await signed(folder, 1)]);
    expect(said).toMatch(/^version 1: for 3 boxes, sent to 1 /);
    expect(versionOf((await here.hears('/down/config')).event)).toBe(1);
    const late = await centre.box('box-0002');
    await syncs(late, 'box-0002');
    expect(versionOf((await late.hears('/down/config')).event)).toBe(1);
    await syncs(far, 'box-far');
    await far.hears('/down/notice');
    expect(far.heard.filter((h) => h.topic.endsWith('/config'))).toEqual([]);
  });

  it('outlasts a restart of the centre; the newest of those for a box and for its areas is sent', async () => {
    const centre = await aCentre();
    const folder = aFolder();
    await send(centre, ['--area', VILLAGE, await signed(folder, 1)]);
    await send(centre, ['--box', 'box-0001', await signed(folder, 2, ['--box', 'box-0001'])]);
    await centre.close();
    const again = await aCentre({ folder: centre.folder });
    for (const [boxId, version] of [
      ['box-0001', 2],
      ['box-0002', 1],
    ] as const) {
      const box = await again.box(boxId);
      await syncs(box, boxId);
      expect(versionOf((await box.hears('/down/config')).event)).toBe(version);
    }
    const list = await configCommand(['list'], () => dataFiles(join(again.folder, 'data')).adminSocket);
    expect(list).toMatch(/^area:522328101201 {2}1 .*\nbox:box-0001 {2}2 {2}county .*local.*"lateAfterS":15/);
  });

  it('a file that is missing, or not what it has to be, is named; a key that is there is not written over', async () => {
    const folder = aFolder();
    const file = await signed(folder, 1);
    const [key, yaml, none] = [join(folder, 'key.pem'), join(folder, 'settings.yaml'), join(folder, 'none')];
    const run = (...args: string[]) => configCommand(args, () => '');
    const sign = (key: string, yaml: string) => run('sign', '--key', key, '--kid', 'county', '--version', '2', yaml);
    await expect(run('send', '--area', VILLAGE, yaml)).rejects.toThrow(`CONFIG_INVALID: ${yaml} is not JSON`);
    await expect(sign(key, none)).rejects.toThrow(`CONFIG_INVALID: ${none} cannot be read (ENOENT)`);
    await expect(sign(file, yaml)).rejects.toThrow(`CONFIG_INVALID: ${file} is not a private key in PEM`);
    await expect(run('keygen', '--key', key)).rejects.toThrow(`CONFIG_INVALID: ${key} cannot be made (EEXIST)`);
  });

  it.each<[string, string[], string[], string]>([
    ['no newer than the one before', ['--area', VILLAGE], [], 'ID_CONFLICT: version 1 is not newer than 1'],
    ['made out to another box', ['--box', 'box-0002'], ['--box', 'box-0001'], 'BAD_PAYLOAD: it is made out to box-0001'],
    ['made out to one box, for an area', ['--area', VILLAGE], ['--box', 'box-0001'], 'BAD_PAYLOAD: it is made out to box-0001 only'],
    ['made out to a smaller area', ['--area', VILLAGE.slice(0, 9)], ['--area', VILLAGE], 'BAD_PAYLOAD: it is made out to'],
    ['for a box that nobody enrolled', ['--box', 'box-none'], [], 'NOT_FOUND'],
  ])('%s is refused', async (why, to, madeOut, reason) => {
    const centre = await aCentre();
    const file = await signed(aFolder(), 1, madeOut);
    if (why.startsWith('no newer')) await send(centre, [...to, file]);
    await expect(send(centre, [...to, file])).rejects.toThrow(reason);
  });

  it('with a setting that no box takes is not even signed', async () => {
    await expect(signed(aFolder(), 1, [], 'http: { port: 1 }')).rejects.toThrow('/settings/http');
    await expect(signed(aFolder(), 1, [], 'keys: { holdMs: 99999 }')).rejects.toThrow('/settings/keys/holdMs');
  });

  it('needs the role for it', async () => {
    const centre = await aCentre();
    const operator = await centre.operator('zhiban');
    expect((await operator.asks('POST', adminPaths.remoteConfigs, {})).status).toBe(403);
  });
});

it('the command line says how it is used', () => {
  const run = () => execFileSync(process.execPath, [CLI, 'config', 'nonsense'], { encoding: 'utf8', stdio: 'pipe' });
  expect(run).toThrow('config sign --key FILE');
});
