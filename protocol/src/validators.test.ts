import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderChecks } from '../scripts/render-checks.ts';
import { CodedError } from './errors.ts';
import { EXAMPLES } from './examples/examples.ts';
import { SCHEMAS } from './registry.ts';
import { isValid, parseAs, type SchemaName, validate } from './validators.ts';

const names = Object.keys(SCHEMAS) as SchemaName[];

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (e) {
    return e instanceof CodedError ? `${e.code} ${e.detail ?? ''}` : String(e);
  }
  return 'no error';
}

describe('compiled checks', () => {
  it('are what the schemas compile to', () => {
    const committed = readFileSync(new URL('./generated/checks.ts', import.meta.url), 'utf8');
    expect(committed).toBe(renderChecks());
  });

  it.each(names)('accept the golden example of %s and survive its trip through JSON', (name) => {
    expect(isValid(name, JSON.parse(JSON.stringify(EXAMPLES[name])))).toBe(true);
  });

  it.each(names)('refuse an unknown key in %s', (name) => {
    expect(isValid(name, { ...(EXAMPLES[name] as object), surprise: 1 })).toBe(false);
  });

  it.each(names)('refuse %s when a required key is missing', (name) => {
    const example = EXAMPLES[name] as Record<string, unknown>;
    for (const key of (SCHEMAS[name] as { required?: string[] }).required ?? []) {
      const { [key]: _, ...rest } = example;
      expect(isValid(name, rest), `${name} without ${key}`).toBe(false);
    }
  });
});

describe('validate', () => {
  it('names the place that is wrong, and not the value', () => {
    const bad = structuredClone(EXAMPLES.AlarmRaised) as { data: { gesture: string } };
    bad.data.gesture = 'secret-value';
    const text = codeOf(() => validate('AlarmRaised', bad));
    expect(text).toMatch(/^BAD_PAYLOAD \/data\/gesture/);
    expect(text).not.toContain('secret-value');
  });

  it('answers BAD_JSON for a text that is no JSON, BAD_PAYLOAD for null', () => {
    expect(codeOf(() => parseAs('AlarmRaised', '{"id":'))).toMatch(/^BAD_JSON/);
    expect(codeOf(() => parseAs('AlarmRaised', 'null'))).toMatch(/^BAD_PAYLOAD/);
  });

  it.each(['not-a-uuid', '0193580A-0000-7000-8000-000000000001', '0193580a-0000-4000-8000-000000000001', '__proto__'])(
    'refuses %s as a message id',
    (id) => {
      expect(isValid('AlarmRaised', { ...EXAMPLES.AlarmRaised, id })).toBe(false);
    },
  );

  it('refuses control characters in what people write', () => {
    expect(isValid('ConsoleCommand', { command: 'note', text: 'a\u0000b' })).toBe(false);
    expect(isValid('ConsoleCommand', { command: 'note', text: '第一行\n第二行' })).toBe(true);
  });
});
