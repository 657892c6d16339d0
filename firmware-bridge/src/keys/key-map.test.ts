import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBridgeConfig } from '../config.ts';
import { loadKeyMap } from './key-map.ts';

const [RED, BLUE, YELLOW, SOS, HELP] = [398, 401, 400, 639, 138];

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(dir, 'remote.yaml');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const map = (keys: Record<string, unknown> = {}) => loadKeyMap(readBridgeConfig(JSON.stringify({ keys })).keys, 'evdev');
function withTable(text: string, keys: Record<string, unknown> = {}) {
  writeFileSync(file, text);
  return map({ tableFile: file, ...keys });
}

describe('without a word, a remote’s', () => {
  it('red and help are alarm keys, SOS is one at once, blue is silent, yellow tests', () => {
    expect(Object.fromEntries(map())).toEqual({ [RED]: 'alarm', [HELP]: 'alarm', [SOS]: 'sos', [BLUE]: 'silent', [YELLOW]: 'test' });
  });
});

describe('an operator', () => {
  it('moves a function to another key', () => {
    expect(Object.fromEntries(map({ functions: { alarm: ['green'], silent: [], test: [] } }))).toEqual({ 399: 'alarm', [SOS]: 'sos' });
  });

  it('adds a remote in YAML: a name of the file replaces the built-in codes, the others stay', () => {
    const keys = withTable('family: evdev\nsource: remote X\nkeys: { red: [59, 0x3c] }');
    expect(keys.get(59)).toBe('alarm');
    expect(keys.get(60)).toBe('alarm');
    expect(keys.get(RED)).toBeUndefined();
    expect(keys.get(SOS)).toBe('sos');
  });

  it('gives a key of the remote a name of its own, and that name a function', () => {
    const table = JSON.stringify({ family: 'evdev', source: 'remote X', keys: { panic: [148] } });
    expect(withTable(table, { functions: { sos: ['panic', 'sos'] } }).get(148)).toBe('sos');
  });

  it('takes a code away from the key that had it', () => {
    const keys = withTable(`family: evdev\nsource: remote X\nkeys: { green: [${RED}] }`);
    expect(keys.get(RED)).toBeUndefined();
  });

  it('leaves other families alone', () => {
    expect(withTable('family: ipanel\nsource: remote X\nkeys: { red: [59] }').get(RED)).toBe('alarm');
  });
});

describe('refused, naming the key, is', () => {
  it.each([
    ['a code that is none', 'family: evdev\nsource: x\nkeys: { red: [ten] }', 'keys.red[0]: expected integer'],
    ['a code out of range', 'family: evdev\nsource: x\nkeys: { red: [65536] }', 'keys.red[0]: expected integer from 0 to 65535'],
    ['codes that are no list', 'family: evdev\nsource: x\nkeys: { red: 59 }', 'keys.red: expected array'],
    ['a family that nobody knows', 'family: toaster\nsource: x\nkeys: {}', 'family: expected one of "evdev"'],
    ['a table without its source', 'family: evdev\nkeys: {}', 'source: expected string'],
    ['another key', 'family: evdev\nsource: x\nkeys: {}\ncodes: {}', 'codes: expected one of the known keys'],
    ['a name that is none', 'family: evdev\nsource: x\nkeys: { "Red!": [1] }', 'keys.Red!: expected'],
    ['a code of two keys', 'family: evdev\nsource: x\nkeys: { red: [1], blue: [2, 1] }', 'keys.blue[1]: expected a code of one key'],
    ['what is no YAML', 'family: [', 'expected valid YAML'],
    ['a file that is too large', `# ${'x'.repeat(70_000)}`, 'at most 65536 are read'],
  ])('%s', (_, text, expected) => {
    expect(() => withTable(text)).toThrow(/^CONFIG_INVALID: keys\.tableFile: /);
    expect(() => withTable(text)).toThrow(expected);
  });

  it('a file that is not there', () => {
    expect(() => map({ tableFile: '/nowhere' })).toThrow('CONFIG_INVALID: keys.tableFile: expected a key table in /nowhere');
  });

  it.each([
    [{ alarm: ['reed'] }, 'keys.functions.alarm[0]: expected one of up, down'],
    [{ silent: ['red'] }, 'keys.functions.silent[0]: expected a key without another function, found "red" of keys.functions.alarm[0]'],
    [{ alarm: [], sos: [] }, 'keys.functions: expected at least one key for alarm or sos'],
  ])('%j', (functions, expected) => {
    expect(() => map({ functions })).toThrow(expected);
  });
});
