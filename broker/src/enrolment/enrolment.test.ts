import { describe, expect, it } from 'vitest';
import { aCentre, ENROLMENT, PASSWORD, SECRET } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { hashEnrolment } from './apply.ts';
import { areaName, householdOf } from './directory.ts';
import { parseEnrolment } from './read.ts';
import { hashPassword, passwordMatches } from './secrets.ts';

const boxYaml = (more = '') => `{boxId: box-1, secret: ${SECRET}, name: 王, address: 平安村, phone: "139", area: "522328101201"${more}}`;

describe('the enrolment file', () => {
  it('may leave every list out', () => {
    expect(parseEnrolment('', 'e.yaml')).toEqual({ operators: [], boxes: [], integrators: [], mediaNodes: [], areas: {} });
  });

  it.each([
    ['a short secret', `boxes: [${boxYaml().replace(SECRET, 'short')}]`, 'boxes[0].secret: expected string of at least 32 characters'],
    ['an unknown key', `boxes: [${boxYaml(', adress: x')}]`, 'boxes[0].adress: expected one of the known keys'],
    ['an area written as a number', `boxes: [${boxYaml().replace('"522328101201"', '522328101201')}]`, 'boxes[0].area: expected string'],
    ['a box twice', `boxes: [${boxYaml()}, ${boxYaml()}]`, 'boxes[1]: expected a name used once, found box-1 again'],
    ['a name that fits in no topic', `integrators: [{name: "a/b", secret: ${SECRET}, areas: []}]`, 'integrators[0].name: expected string'],
  ])('%s is named with its key', (_what, text, message) => {
    expect(() => parseEnrolment(text, 'e.yaml')).toThrow(`CONFIG_INVALID: e.yaml: ${message}`);
  });

  it('who is not in it any more stays; who is revoked is refused, and that is on the record', async () => {
    const folder = aFolder();
    const first = await aCentre({ folder });
    await (await first.connects('box:box-0001')).leaves();
    await first.close();
    const kept = [...ENROLMENT.boxes];
    try {
      ENROLMENT.boxes.splice(0, ENROLMENT.boxes.length, { ...kept[0]!, revoked: true });
      const second = await aCentre({ folder });
      await expect(second.connects('box:box-0001')).rejects.toThrow();
      expect((await second.connects('box:box-0002')).connected).toBe(true);
      const { rows } = await (await second.operator()).json('GET', '/api/v1/ledger?limit=1000');
      expect(rows.filter((r: { kind: string }) => r.kind === 'box.revoked')).toHaveLength(2);
    } finally {
      ENROLMENT.boxes.splice(0, ENROLMENT.boxes.length, ...kept);
    }
  });

  it('no plain secret goes further than its hash', async () => {
    const file = parseEnrolment(JSON.stringify(ENROLMENT), 'e.yaml');
    const hashed = JSON.stringify(await hashEnrolment(file, 1));
    expect(hashed).not.toContain(SECRET);
    expect(hashed).not.toContain(PASSWORD);
  });
});

describe('passwords', () => {
  it('match themselves only, also written with combining characters', async () => {
    const hash = await hashPassword('pässword');
    expect(await passwordMatches('pa\u0308ssword', hash)).toBe(true);
    expect(await passwordMatches('password', hash)).toBe(false);
    expect(await hashPassword('pässword')).not.toBe(hash);
  });

  it.each([undefined, '', 'scrypt$$', 'md5$x$y', 'scrypt$c2FsdA$'])('the hash %s matches nothing', async (hash) => {
    expect(await passwordMatches('', hash)).toBe(false);
  });
});

describe('names', () => {
  const areas = new Map([
    ['522328', '安和县'],
    ['522328101', '平安镇'],
  ]);
  it('an area without a name is called after the one around it', () => {
    expect(['522328101', '522328101201005', '522328999', '111111'].map((code) => areaName({ areas }, code))).toEqual([
      '平安镇',
      '平安镇',
      '安和县',
      '111111',
    ]);
  });

  it('a box that is not enrolled any more still has its id', () => {
    expect(householdOf({ boxes: new Map() }, 'box-1', '522328')).toMatchObject({ boxId: 'box-1', area: '522328' });
  });
});
