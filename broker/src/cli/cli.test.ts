/** The command line against a centre that runs: its database is locked, its socket is not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { dataFiles } from '../data-files.ts';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { boxes } from './boxes.ts';
import type { Command } from './command.ts';
import { deadLetters } from './dead-letters.ts';

async function runs(command: Command, centre: TestCentre, line: string, flags = { partial: false, makeSecrets: false }) {
  const lines: string[] = [];
  const files = () => dataFiles(join(centre.folder, 'data'));
  const code = await command.run(line.split(' '), { files, flags, print: (text) => void lines.push(text) });
  return { code, text: lines.join('\n') };
}

describe('boxes', () => {
  it('are imported from a file, listed, revoked and reinstated', async () => {
    const centre = await aCentre();
    const file = join(centre.folder, 'boxes.csv');
    writeFileSync(
      file,
      `boxId,name,address,phone,area,secret\nbox-new,陈大山,平安村5组,139,522328101201,${SECRET}\nbox-2,王,平安村,139,522328101201,\n`,
    );
    const imported = await runs(boxes, centre, `import ${file}`, { partial: false, makeSecrets: true });
    expect(imported).toMatchObject({ code: 0, text: expect.stringMatching(/^enrolled 2, .*\nboxId,secret\nbox-2,[\w-]{43}$/) });
    const client = await centre.connects('box:box-new');
    expect((await runs(boxes, centre, 'list 522328')).text).toContain('box-new\tonline\t522328101201\t陈大山');
    expect((await runs(boxes, centre, 'revoke box-new')).text).toContain('box-new\trevoked');
    await client.losesConnection();
    expect((await runs(boxes, centre, 'reinstate box-new')).text).toContain('box-new\toffline');
    await expect(runs(boxes, centre, 'revoke box-9999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('a bad file is refused with each line, and ends with 1', async () => {
    const centre = await aCentre();
    const file = join(centre.folder, 'boxes.csv');
    writeFileSync(file, 'boxId,name,address,phone,area\nbox-1,王,平安村,139,5223\nbox 2,王,平安村,139,522328\n');
    const { code, text } = await runs(boxes, centre, `import ${file}`);
    expect([code, text.split('\n').map((l) => l.split(':')[0])]).toEqual([1, ['nothing was applied', 'line 2 (box-1)', 'line 3 (box 2)']]);
    await expect(runs(boxes, centre, 'import /nowhere.csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('dead letters are listed, shown whole and replayed', async () => {
  const centre = await aCentre();
  const box = await centre.box();
  const payload = `不是JSON ${'x'.repeat(5000)}`;
  await box.publishes(topics.boxUp('box-0001', 'alarm'), payload);
  const { text } = await runs(deadLetters, centre, 'list');
  expect(text).toContain(`BAD_JSON\tbox:box-0001\t${topics.boxUp('box-0001', 'alarm')}`);
  const number = text.split('\t')[0];
  expect((await runs(deadLetters, centre, `show ${number}`)).text).toContain(payload);
  expect(await runs(deadLetters, centre, `replay ${number}`)).toMatchObject({ code: 1, text: expect.stringMatching(/^BAD_JSON .*local/) });
  expect((await runs(deadLetters, centre, 'list')).text).toContain('replayed: BAD_JSON');
});

it.each(['', 'burn', 'show', 'show x', 'list 1 2'])('“dead-letters %s” is no form of the command', async (line) => {
  expect(await runs(deadLetters, {} as TestCentre, line)).toEqual({ code: undefined, text: '' });
});
