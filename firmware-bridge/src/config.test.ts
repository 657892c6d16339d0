import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBridgeConfig } from './config.ts';

const FILE = new URL('../../config/firmware-bridge.yaml', import.meta.url);

describe('configuration', () => {
  it('in the file shows every key with its default', () => {
    expect(parse(readFileSync(FILE, 'utf8'))).toEqual(readBridgeConfig(''));
  });

  it.each([
    ['http: {porrt: 1}', 'http.porrt'],
    ['http: {host: 0.0.0.0}', 'http.host'],
    ['alarm: {withdrawWindowS: 11}', 'alarm.withdrawWindowS'],
    ['platform: toaster', 'platform'],
    ['box: {id: "a/b"}', 'box.id'],
    ['centre: {mqttUrl: "mqtt://user:password@host"}', 'centre.mqttUrl'],
    ['centre: {mqttUrl: "http://host"}', 'centre.mqttUrl'],
    ['centre: {mqttUrl: "mqtts://host"}', 'centre.pins'],
    [
      'centre: {mqttUrl: "mqtts://one", mqttUrlBackup: "mqtt://two", pins: ["sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}',
      'centre.mqttUrlBackup',
    ],
  ])('%s is refused naming %s', (text, key) => {
    expect(() => readBridgeConfig(text)).toThrow(new RegExp(`CONFIG_INVALID: firmware-bridge.yaml: ${key}: expected`));
  });

  it('takes overrides from the environment', () => {
    const config = readBridgeConfig('http: {port: 1}', { SHOUWANG_BRIDGE_HTTP_PORT: '0', SHOUWANG_BRIDGE_CENTRE_MQTT_URL: 'mqtt://c:2' });
    expect(config.http.port).toBe(0);
    expect(config.centre.mqttUrl).toBe('mqtt://c:2');
  });
});
