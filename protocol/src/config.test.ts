import { isIP } from 'node:net';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import { AddressBlock, envName, readConfig } from './config.ts';

const Schema = Type.Object(
  {
    http: Type.Object(
      { host: Type.String({ default: '127.0.0.1' }), port: Type.Integer({ minimum: 0, maximum: 65535, default: 8800 }) },
      { additionalProperties: false, default: {} },
    ),
    retryMs: Type.Integer({ default: 500 }),
    cameras: Type.Array(Type.Object({ id: Type.String(), url: Type.String({ pattern: '^rtsp://' }) }, { additionalProperties: false }), {
      default: [],
    }),
    mode: Type.Union([Type.Literal('auto'), Type.Literal('off')], { default: 'auto' }),
  },
  { additionalProperties: false },
);

const read = (text: string, env?: Record<string, string>) => readConfig(Schema, { name: 'config/x.yaml', text, env, envPrefix: 'SW_X' });

describe('readConfig', () => {
  it('fills in every default for an empty file', () => {
    expect(read('')).toEqual({ http: { host: '127.0.0.1', port: 8800 }, retryMs: 500, cameras: [], mode: 'auto' });
  });

  it('lets the environment override the file', () => {
    expect(read('http: { port: 1 }', { SW_X_HTTP_PORT: '8801', SW_X_RETRY_MS: '7' })).toMatchObject({ http: { port: 8801 }, retryMs: 7 });
    expect(envName('SW_X', 'http.publicUrl')).toBe('SW_X_HTTP_PUBLIC_URL');
  });

  it('takes a string from the environment as it is', () => {
    expect(read('', { SW_X_HTTP_HOST: '0.0.0.0' }).http.host).toBe('0.0.0.0');
  });

  it.each([
    ['http: { prot: 1 }', 'http.prot', 'known keys: host, port'],
    ['htttp: 1', 'htttp', 'known keys'],
    ['http: { port: eighty }', 'http.port', 'integer'],
    ['http: { port: 70000 }', 'http.port', 'from 0 to 65535'],
    ['http: 5', 'http', 'object'],
    ['cameras: [{ id: a, url: "http://x" }]', 'cameras[0].url', '^rtsp://'],
    ['cameras: [{ id: a, url: "rtsp://x", extra: 1 }]', 'cameras[0].extra', 'known keys: id, url'],
    ['cameras: [{ id: a }]', 'cameras[0].url', 'found nothing'],
    ['cameras: { id: a, url: "rtsp://x" }', 'cameras', 'a list'],
    ['mode: sometimes', 'mode', '"auto", "off"'],
    ['a: [', '(file)', 'valid YAML'],
    ['- 1', '(file)', 'a mapping'],
    ['retryMs: 1\nretryMs: 2', '(file)', 'valid YAML'],
  ])('refuses %j naming %s', (text, path, expected) => {
    expect(() => read(text)).toThrowError(new RegExp(`^CONFIG_INVALID: config/x.yaml: ${path.replace(/[.()[\]]/g, '\\$&')}: expected .*`));
    expect(() => read(text)).toThrowError(expected);
  });

  it('refuses a bad override naming the same key', () => {
    expect(() => read('', { SW_X_HTTP_PORT: 'x' })).toThrowError('http.port: expected integer');
  });

  it('refuses a variable with its prefix that no key has', () => {
    expect(() => read('', { SW_X_HTTP_PRT: '1' })).toThrowError(/SW_X_HTTP_PRT: expected one of the known variables: .*SW_X_HTTP_PORT/);
    expect(read('', { SW_XY: '1', OTHER: '2' }).http.port).toBe(8800);
  });

  it('is not fooled by keys of the object prototype', () => {
    expect(() => read('constructor: 1')).toThrowError('constructor: expected one of the known keys');
    expect(() => read('__proto__: { a: 1 }')).toThrowError('CONFIG_INVALID');
  });
});

describe('an address or a block', () => {
  const taken = (text: string) => Value.Check(AddressBlock, text);

  it.each(['10.1.2.3', '10.1.0.0/16', '255.255.255.255/32', '::1', 'fd00::/8', '2001:db8:0:1:2:3:4:5', 'fe80::1:2/128'])('%s', (text) => {
    expect([taken(text), isIP(text.split('/')[0]!) > 0]).toEqual([true, true]);
  });

  it.each([
    '999.1.1.1',
    '10.0.08.1',
    '10.0.0.0/33',
    '0.0.0.0/0',
    '10.1',
    '1',
    'a',
    ':',
    '1:2:3:4:5:6::1:2:3',
    '::1::',
    'fd00::/129',
    '::/0',
    'proxy',
  ])('not %s', (text) => {
    expect(taken(text)).toBe(false);
  });
});
