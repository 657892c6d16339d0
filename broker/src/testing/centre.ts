/** A whole centre in this process for tests: real sockets, a database of its own, optionally a clock that the test moves. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { Addresses } from '../addresses.ts';
import { createApp } from '../app.ts';
import { type Clock, systemClock } from '../clock.ts';
import { parseBrokerConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { aFolder } from './folder.ts';
import { TestClient } from './mqtt-client.ts';
import { TestOperator } from './operator.ts';

export const SECRET = 'a-secret-of-more-than-32-characters-for-tests';
export const PASSWORD = 'a password for tests';
export const VILLAGE = '522328101201';

/** Who is enrolled: two boxes in one village, one in another county, one revoked; integrators of several areas; one node. */
export const ENROLMENT = {
  areas: { '522328': '安和县', '522328101': '平安镇', [VILLAGE]: '平安村' },
  operators: [
    { user: 'zhiban', name: '李值班', post: '综治中心值班员', role: 'operator', password: PASSWORD },
    { user: 'shenji', name: '赵审计', post: '审计员', role: 'auditor', password: PASSWORD },
    { user: 'guanli', name: '周管理', post: '系统管理员', role: 'admin', password: PASSWORD },
    { user: 'quitted', name: '孙离职', post: '综治中心值班员', role: 'operator', password: PASSWORD, revoked: true },
  ],
  boxes: [
    box('box-0001', VILLAGE),
    box('box-0002', VILLAGE),
    box('box-far', '522401001001'),
    { ...box('box-gone', VILLAGE), revoked: true },
  ],
  integrators: [
    { name: '110', secret: SECRET, mayCommand: true, maySeeHouseholds: true, areas: ['522328101'] },
    { name: '122', secret: SECRET, maySeeHouseholds: true, mayCommand: true, maySeeSilent: true, areas: ['522328101'] },
    { name: '12345', secret: SECRET, mayCommand: false, maySeeHouseholds: false, areas: ['522401'] },
    { name: 'grid', secret: SECRET, mayCommand: true, maySeeHouseholds: false, areas: [`${VILLAGE}001`] },
  ],
  mediaNodes: [
    { node: 'media-01', secret: SECRET },
    { node: 'media-02', secret: SECRET },
  ],
};

function box(boxId: string, area: string) {
  return {
    boxId,
    secret: SECRET,
    name: '王秀英',
    address: '平安村3组12号',
    phone: '13900000001',
    area,
    position: { lat: 25.101, lon: 105.471 },
  };
}

export interface CentreOptions {
  folder?: string;
  clock?: Clock;
  /** Further keys of the configuration. */
  config?: Record<string, unknown>;
  /** When to close it: after the test, or, where tests share one, `atTheEnd()`. */
  atEnd?: (clean: () => void | Promise<void>) => void;
}

export class TestCentre {
  readonly folder: string;
  readonly addresses: Addresses;
  readonly fatal: string[];
  readonly close: () => Promise<void>;

  constructor(folder: string, addresses: Addresses, fatal: string[], close: () => Promise<void>) {
    this.folder = folder;
    this.addresses = addresses;
    this.fatal = fatal;
    this.close = close;
  }

  get mqttPort(): number {
    return Number(new URL(this.addresses.mqttUrl).port);
  }

  get tlsPort(): number {
    return Number(new URL(this.addresses.mqttTlsUrl!).port);
  }

  /** A connected client; closed when the test is over. */
  async connects(userName: string, more: { clientId?: string; password?: string; keepalive?: number } = {}): Promise<TestClient> {
    const client = await TestClient.connects(this.mqttPort, userName, { password: SECRET, ...more });
    onTestFinished(() => client.leaves());
    return client;
  }

  /** A box that listens to what it is told; its notices, which every subscription brings, were heard. */
  async box(boxId = 'box-0001'): Promise<TestClient> {
    const client = await this.newBox(boxId);
    await client.hears('/down/notices');
    client.heard.length = 0;
    return client;
  }

  /** The same with everything that it heard. */
  async newBox(boxId = 'box-0001'): Promise<TestClient> {
    const client = await this.connects(`box:${boxId}`);
    await client.subscribes(`sw/v1/box/${boxId}/down/+`);
    return client;
  }

  /** Somebody logged in. */
  async operator(user = 'zhiban'): Promise<TestOperator> {
    const operator = new TestOperator(this.addresses.httpUrl);
    await operator.logsIn(user, PASSWORD);
    onTestFinished(() => operator.leaves());
    return operator;
  }
}

/** Starts a centre. */
export async function aCentre(options: CentreOptions = {}): Promise<TestCentre> {
  const { atEnd = onTestFinished } = options;
  const folder = options.folder ?? aFolder(atEnd);
  const enrolmentFile = join(folder, 'enrolment.yaml');
  writeFileSync(enrolmentFile, stringify(ENROLMENT));
  const yaml = stringify({
    dataDir: join(folder, 'data'),
    enrolmentFile,
    log: { level: process.env.TEST_LOG ?? 'silent' },
    ...options.config,
    http: { port: 0, consoleDir: join(folder, 'console'), ...(options.config?.http as object) },
    mqtt: { port: 0, ...(options.config?.mqtt as object) },
  });
  const config = parseBrokerConfig(yaml, 'test');
  const fatal: string[] = [];
  const app = createApp(config, {
    clock: options.clock ?? systemClock,
    log: createLog(config.log.level),
    onFatal: (reason) => fatal.push(reason),
  });
  const addresses = await app.start();
  atEnd(() => app.close());
  return new TestCentre(folder, addresses, fatal, () => app.close());
}
