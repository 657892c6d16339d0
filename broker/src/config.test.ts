import { readFileSync } from 'node:fs';
import { MAX_GRANT_S } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { loadBrokerConfig, parseBrokerConfig } from './config.ts';

const file = new URL('../../config/broker.yaml', import.meta.url).pathname;

/** Dotted paths of all leaves. */
function paths(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at];
  return Object.entries(value).flatMap(([k, v]) => paths(v, at ? `${at}.${k}` : k));
}

describe('configuration', () => {
  it('the committed file equals the built-in defaults', () => {
    expect(loadBrokerConfig(file, {})).toEqual(parseBrokerConfig('', 'defaults'));
  });

  it('the committed file shows every key', () => {
    const text = readFileSync(file, 'utf8');
    for (const path of paths(parseBrokerConfig('', 'defaults'))) expect(text).toContain(`${path.split('.').at(-1)}:`);
  });

  it('an unknown key names its dotted path', () => {
    expect(() => parseBrokerConfig('mqtt: {prot: 1}', 'broker.yaml')).toThrow(/CONFIG_INVALID: broker.yaml: mqtt.prot: expected one of/);
  });

  it('a bad value from the environment names the key', () => {
    expect(() => parseBrokerConfig('', 'x', { SHOUWANG_BROKER_HTTP_PORT: 'many' })).toThrow(/http.port: expected integer/);
  });

  it('an impossible time zone is refused', () => {
    expect(() => parseBrokerConfig('centre: {timeZone: Moon/Base}', 'x')).toThrow(/centre.timeZone/);
  });

  it('lets no grant be good for longer than a media node takes it', () => {
    expect(parseBrokerConfig(`grants: {validS: ${MAX_GRANT_S}}`, 'x').grants.validS).toBe(MAX_GRANT_S);
    expect(() => parseBrokerConfig(`grants: {validS: ${MAX_GRANT_S + 1}}`, 'x')).toThrow(/grants.validS/);
  });

  it('a file that is not there is a configuration error', () => {
    expect(() => loadBrokerConfig('/nonexistent/broker.yaml', {})).toThrow(/CONFIG_INVALID: --config/);
  });
});
