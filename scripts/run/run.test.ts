import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { portOf, urlIn } from './addresses.ts';
import { type Demo, prepareDemo } from './demo.ts';
import * as plan from './plan.ts';
import { isLoopback, Settings } from './settings.ts';
import { addressTable } from './table.ts';

describe('settings', () => {
  const yaml = 'http:\n  port: 8801\ncentre:\n  mqttUrl: mqtt://10.0.0.5:1883\ncameras: []\n';

  it('come from the environment first, then from the file, and are never made up', () => {
    const settings = new Settings('SHOUWANG_MEDIA', yaml, { SHOUWANG_MEDIA_HTTP_PORT: '9000' });
    expect(settings.number('http.port')).toBe(9000);
    expect(settings.text('centre.mqttUrl')).toBe('mqtt://10.0.0.5:1883');
    expect(settings.get('http.host')).toBeUndefined();
  });

  it('read lists from the environment as the services do', () => {
    expect(new Settings('SHOUWANG_MEDIA', '', { SHOUWANG_MEDIA_CAMERAS: '[{ id: gate }]' }).list('cameras')).toEqual([{ id: 'gate' }]);
  });

  it('of a broken file are empty: the service itself says what is wrong with it', () => {
    expect(new Settings('SHOUWANG_MEDIA', 'a: [', {}).get('a')).toBeUndefined();
  });

  it('tell this machine from another', () => {
    expect(['mqtt://127.0.0.1:1883', 'http://localhost:1', undefined].map(isLoopback)).toEqual([true, true, true]);
    expect(['mqtt://10.0.0.5:1883', 'nonsense'].map(isLoopback)).toEqual([false, false]);
  });
});

describe('the demo', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'shouwang-demo-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('has random secrets that stay the same from start to start, readable by their owner only', () => {
    const first = prepareDemo(join(dir, 'demo'), 'media-1');
    const second = prepareDemo(join(dir, 'demo'), 'media-1');
    const other = prepareDemo(join(dir, 'other'), 'media-1');
    expect(second).toEqual(first);
    expect(other.password).not.toBe(first.password);
    expect(first.password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    for (const file of [first.enrolmentFile, first.boxSecretFile, first.mediaSecretFile, first.integratorSecretFile])
      expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives each party the secret that the centre has for it', () => {
    const demo = prepareDemo(dir, 'media-7');
    const enrolment = parse(readFileSync(demo.enrolmentFile, 'utf8'));
    const secret = (file: string) => readFileSync(file, 'utf8').trim();
    expect(secret(demo.boxSecretFile)).toBe(enrolment.boxes[0].secret);
    expect(enrolment.mediaNodes).toEqual([{ node: 'media-7', secret: secret(demo.mediaSecretFile) }]);
    expect(secret(demo.integratorSecretFile)).toBe(enrolment.integrators[0].secret);
  });

  it('has an administrator and an auditor, also where an earlier version made the file; whoever took their place is left in peace', () => {
    const { enrolmentFile } = prepareDemo(dir, 'media-1');
    const enrolment = parse(readFileSync(enrolmentFile, 'utf8'));
    const [operator, admin] = enrolment.operators;
    enrolment.operators = [operator, { ...admin, user: 'zhou' }];
    writeFileSync(enrolmentFile, stringify(enrolment));
    const { others } = prepareDemo(dir, 'media-1');
    expect(others.map(({ user, role }) => `${role} ${user}`)).toEqual(['admin zhou', 'auditor shenji']);
    expect(new Set([operator.password, ...others.map((o) => o.password)]).size).toBe(3);
    expect(prepareDemo(dir, 'media-1').others).toEqual(others);
  });

  it('keeps what a person wrote into the enrolment', () => {
    const { enrolmentFile } = prepareDemo(dir, 'media-1');
    const enrolment = parse(readFileSync(enrolmentFile, 'utf8'));
    enrolment.boxes.push({ boxId: 'box-0002', secret: 'x'.repeat(40) });
    writeFileSync(enrolmentFile, stringify(enrolment));
    prepareDemo(dir, 'media-2');
    const now = parse(readFileSync(enrolmentFile, 'utf8'));
    expect(now.boxes.map((box: { boxId: string }) => box.boxId)).toEqual(['box-0001', 'box-0002']);
    expect(now.mediaNodes.map((m: { node: string }) => m.node)).toEqual(['media-1', 'media-2']);
  });
});

const demo: Demo = {
  user: 'zhiban',
  password: 'aaaa-bbbb-cccc',
  others: [{ user: 'guanli', role: 'admin', password: 'dddd-eeee-ffff' }],
  enrolmentFile: '/d/enrolment.yaml',
  boxSecretFile: '/d/box-0001.secret',
  mediaSecretFile: '/d/media-1.secret',
  integratorSecretFile: 'data/demo/integrator-110.secret',
};

function all(yaml: { broker?: string; media?: string; bridge?: string } = {}, env: NodeJS.ProcessEnv = {}): plan.AllSettings {
  return {
    broker: new Settings('SHOUWANG_BROKER', yaml.broker ?? '', env),
    media: new Settings('SHOUWANG_MEDIA', yaml.media ?? 'cameras: []\ncamerasFile: ""\ncentre:\n  secretFile: ""\n', env),
    bridge: new Settings('SHOUWANG_BRIDGE', yaml.bridge ?? '', env),
  };
}

describe('the plan', () => {
  const at = { mqtt: 'mqtt://127.0.0.1:1884', brokerHttp: 'http://127.0.0.1:8801', tv: 'http://127.0.0.1:8821/tv' };

  it('makes the others follow a broker that was moved', () => {
    expect(plan.bridgeProcess(all(), demo, at, false).env).toEqual({
      SHOUWANG_BRIDGE_BOX_SECRET_FILE: '/d/box-0001.secret',
      SHOUWANG_BRIDGE_CENTRE_MQTT_URL: 'mqtt://127.0.0.1:1884',
    });
    expect(plan.mediaProcess(all(), demo, at, '/d/cameras.yaml', undefined).env).toEqual({
      SHOUWANG_MEDIA_CENTRE_SECRET_FILE: '/d/media-1.secret',
      SHOUWANG_MEDIA_CAMERAS_FILE: '/d/cameras.yaml',
      SHOUWANG_MEDIA_CENTRE_MQTT_URL: 'mqtt://127.0.0.1:1884',
      SHOUWANG_MEDIA_CENTRE_JWKS_URL: 'http://127.0.0.1:8801/api/v1/jwks.json',
      SHOUWANG_MEDIA_HTTP_ALLOWED_ORIGINS:
        '["http://127.0.0.1:8801","http://localhost:8801","http://127.0.0.1:8821","http://localhost:8821"]',
    });
  });

  it('has the media node give back the memory of its pictures', () => {
    const defaults = (jemalloc: string | undefined) => plan.mediaProcess(all(), demo, at, undefined, jemalloc).defaults;
    expect(defaults('/lib/libjemalloc.so.2')).toEqual({
      LD_PRELOAD: '/lib/libjemalloc.so.2',
      MALLOC_CONF: 'dirty_decay_ms:0,muzzy_decay_ms:0',
    });
    for (const none of [undefined, ''])
      expect(defaults(none)).toEqual({ MALLOC_MMAP_THRESHOLD_: '32768', NODE_OPTIONS: '--max-semi-space-size=2' });
  });

  it('takes a person’s variables before its own; Node’s options and preloaded libraries together', () => {
    const defaults = { MALLOC_CONF: '1', NODE_OPTIONS: '--a=1', LD_PRELOAD: '/ours.so' };
    expect(plan.withDefaults(defaults, { MALLOC_CONF: '2', NODE_OPTIONS: '--a=2', LD_PRELOAD: '/theirs.so', X: 'y' })).toEqual({
      MALLOC_CONF: '2',
      NODE_OPTIONS: '--a=1 --a=2',
      LD_PRELOAD: '/theirs.so:/ours.so',
      X: 'y',
    });
    expect(plan.withDefaults({}, { X: 'y' })).toEqual({ X: 'y' });
  });

  it('leaves alone what a person has set: another centre, a secret, an enrolment', () => {
    const settings = all({
      broker: 'enrolmentFile: mine.yaml',
      media: 'centre:\n  mqttUrl: mqtt://10.0.0.5:1883\n  jwksUrl: https://centre.example/jwks\n  secretFile: mine\n',
    });
    expect(plan.brokerProcess(settings, demo).env).toEqual({});
    expect(Object.keys(plan.mediaProcess(settings, demo, at, undefined, undefined).env)).toEqual(['SHOUWANG_MEDIA_HTTP_ALLOWED_ORIGINS']);
    expect(plan.bridgeProcess(settings, demo, at, true).env).not.toHaveProperty('SHOUWANG_BRIDGE_BOX_SECRET_FILE');
  });

  it('wants the sample cameras only where nobody has given cameras', () => {
    expect(plan.wantsSamples(all())).toBe(true);
    expect(plan.wantsSamples(all({ media: 'cameras: [{ id: gate }]' }))).toBe(false);
    expect(plan.wantsSamples(all({}, { SHOUWANG_MEDIA_CAMERAS_FILE: 'mine.yaml' }))).toBe(false);
  });

  it('brings a restarted process back to its ports', () => {
    const { broker } = all();
    expect(plan.atTheSamePlace(broker, { 'http.port': 41234, 'mqtt.port': undefined }, { ready: true })).toEqual({
      SHOUWANG_BROKER_HTTP_PORT: '41234',
    });
    expect(plan.atTheSamePlace(broker, { 'http.port': 41234 }, undefined)).toEqual({});
  });
});

describe('addresses', () => {
  it('are what the service says, else what was asked for', () => {
    expect(urlIn({ http: 'http://127.0.0.1:1' }, ['httpUrl', 'http'], 'x')).toBe('http://127.0.0.1:1');
    expect(urlIn({ http: 8800 }, ['http'], 'http://127.0.0.1:8800')).toBe('http://127.0.0.1:8800');
    expect([portOf('mqtt://127.0.0.1:1883'), portOf('http://a/')]).toEqual([1883, undefined]);
  });
});

describe('the table', () => {
  it('has one row TV and one row Console with one URL each, the log-in, and how to stop', () => {
    const at = {
      brokerHttp: 'http://127.0.0.1:8800',
      mqtt: 'mqtt://127.0.0.1:1883',
      tv: 'http://127.0.0.1:8820/tv',
      media: 'm',
      rtsp: 'r',
    };
    const lines = addressTable({ at, demo, samples: true, logs: 'data/logs', seconds: 3 }).split('\n');
    const row = (name: string) => lines.filter((line) => line.trim().startsWith(name));
    expect(row('TV')).toEqual([expect.stringMatching(/^ {2}TV +http:\/\/127\.0\.0\.1:8820\/tv {2}/)]);
    expect(row('Console')).toEqual([expect.stringMatching(/^ {2}Console +http:\/\/127\.0\.0\.1:8800\/console {2}/)]);
    expect(row('Console')[0]).toContain('user zhiban  password aaaa-bbbb-cccc');
    expect(lines.some((line) => line.endsWith('admin guanli  password dddd-eeee-ffff'))).toBe(true);
    expect(row('Ctrl-C')).toEqual(['  Ctrl-C stops everything.']);
  });
});
