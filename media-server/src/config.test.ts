import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const CAMERA = {
  id: 'gate',
  name: '大门口',
  place: '平安村',
  area: '522328101201',
  householdsOf: ['522328101'],
  url: 'rtsp://u:secret@192.0.2.1/live',
};

function load(value: unknown, env: Record<string, string> = {}, files: Record<string, string> = {}) {
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };
  return loadConfig({ name: 'media-server.yaml', text: typeof value === 'string' ? value : JSON.stringify(value), env, readText });
}

describe('the configuration', () => {
  test('file that is shipped holds every key with its default', () => {
    const shipped = readFileSync(new URL('../../config/media-server.yaml', import.meta.url), 'utf8');
    expect(load(shipped)).toEqual(load(''));
    const keys = (value: object, at = ''): string[] =>
      Object.entries(value).flatMap(([k, v]) => (v && typeof v === 'object' && !Array.isArray(v) ? keys(v, `${at}${k}.`) : [`${at}${k}`]));
    for (const key of keys(load(''))) expect(shipped).toMatch(new RegExp(`(^|\\n)\\s*${key.split('.').at(-1)}:`));
  });

  test('takes cameras here and from a file, which may be a bare list', () => {
    const lane = { ...CAMERA, id: 'lane' };
    for (const text of [JSON.stringify({ cameras: [lane] }), JSON.stringify([lane])])
      expect(load({ cameras: [CAMERA], camerasFile: 'c.yaml' }, {}, { 'c.yaml': text }).cameras.map((c) => c.id)).toEqual(['gate', 'lane']);
  });

  test('can be set by the environment', () => {
    expect(load('', { SHOUWANG_MEDIA_HTTP_PORT: '9', SHOUWANG_MEDIA_HUB_LINGER_S: '2.5' })).toMatchObject({
      http: { port: 9 },
      hub: { lingerS: 2.5 },
    });
  });

  test.each([
    ['webrtc.maxMbits', { webrtc: { maxMbits: 3 } }],
    ['http.port', { http: { port: 70_000 } }],
    ['http.publicUrl', { http: { publicUrl: 'http://h/path' } }],
    ['cameras[0].area', { cameras: [{ ...CAMERA, area: 522 }] }],
    ['cameras[0].colour', { cameras: [{ ...CAMERA, colour: 1 }] }],
    ['cameras[0].url', { cameras: [{ ...CAMERA, url: 'http://u:secret@192.0.2.1/' }] }],
    ['cameras[0].subUrl', { cameras: [{ ...CAMERA, subUrl: 'http://u:secret@192.0.2.1/' }] }],
    ['cameras[0].masks[0]', { cameras: [{ ...CAMERA, masks: [{ x: 0.8, y: 0, width: 0.3, height: 0.1 }] }] }],
    ['cameras[0].masks[0].x', { cameras: [{ ...CAMERA, masks: [{ x: -0.1, y: 0, width: 0.3, height: 0.1 }] }] }],
    ['camerasFile', { camerasFile: 'nowhere.yaml' }],
    ['cameras', { cameras: [CAMERA, CAMERA] }],
  ])('with a bad %s fails with that path, and shows no password', (path, value) => {
    expect(() => load(value)).toThrow(`media-server.yaml: ${path}: `);
    expect(() => load(value)).not.toThrow('secret');
  });

  test('takes no more cameras in both together than the centre takes of a node', () => {
    const some = (count: number, name: string) => Array.from({ length: count }, (_, i) => ({ ...CAMERA, id: `${name}-${i}` }));
    const files = { 'c.yaml': JSON.stringify(some(2001, 'b')) };
    expect(() => load({ cameras: some(3000, 'a'), camerasFile: 'c.yaml' }, {}, files)).toThrow(
      'media-server.yaml: cameras: expected at most 5000',
    );
  });

  test('with a bad camera in the file of cameras names that file', () => {
    const files = { 'c.yaml': JSON.stringify([{ ...CAMERA, url: 'ftp://u:secret@h/' }]) };
    expect(() => load({ camerasFile: 'c.yaml' }, {}, files)).toThrow('c.yaml: cameras[0].url: ');
  });
});
