/** The two systems side by side: our centre with its embedded broker, and the same centre behind mosquitto. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../harness/ports.ts';
import { ROOT, Service } from '../../harness/service.ts';
import { startMosquitto } from './mosquitto.ts';
import type { Box } from './swarm.ts';

export const SYSTEMS = ['shouwang-sqlite', 'mosquitto'] as const;
export type SystemName = (typeof SYSTEMS)[number];

export const OPERATOR = 'zhiban';
const AREA = '522328101201';

export interface System {
  mqttPort: number;
  httpUrl: string;
  password: string;
  boxes: Box[];
  /** The process that holds the boxes' connections. */
  brokerPid: number;
  ends(): Promise<void>;
}

/** Starts a system with so many boxes enrolled, its data on the same disk as everybody's. Limits on a box's rate are out of the way: one box stands for many. */
export async function startSystem(name: SystemName, boxCount: number): Promise<System> {
  const dir = mkdtempSync(join(tmpdir(), `shouwang-bench-${name}-`));
  const [mqttPort = 0, httpPort = 0] = await freePorts(2);
  const password = randomBytes(16).toString('base64url');
  const boxes = Array.from({ length: boxCount }, (_, i) => ({ boxId: `box-${i + 1}`, secret: randomBytes(32).toString('base64url') }));
  writeFileSync(join(dir, 'enrolment.yaml'), JSON.stringify(enrolment(boxes, password)), { mode: 0o600 });
  const behind = name === 'mosquitto' ? await startMosquitto(mqttPort, dir) : undefined;
  const centre = new Service({
    name,
    main: behind ? 'tests/bench/alarms/centre-behind.ts' : 'broker/src/main.ts',
    args: behind ? ['--mqtt-port', String(mqttPort)] : [],
    cwd: dir,
    logFile: join(dir, 'centre.log'),
    env: {
      SHOUWANG_BROKER_DATA_DIR: join(dir, 'broker'),
      SHOUWANG_BROKER_HTTP_PORT: String(httpPort),
      SHOUWANG_BROKER_MQTT_PORT: String(mqttPort),
      SHOUWANG_BROKER_HTTP_CONSOLE_DIR: join(ROOT, 'console/dist'),
      SHOUWANG_BROKER_ENROLMENT_FILE: join(dir, 'enrolment.yaml'),
      SHOUWANG_BROKER_LIVE_MAX_BUFFER_BYTES: String(1024 ** 3),
      SHOUWANG_BROKER_LOG_LEVEL: 'error',
    },
  });
  try {
    await centre.start(120_000);
  } catch (error) {
    await behind?.stops();
    throw error;
  }
  return {
    mqttPort,
    httpUrl: `http://127.0.0.1:${httpPort}`,
    password,
    boxes,
    brokerPid: behind?.pid ?? centre.pid!,
    async ends() {
      await centre.stop();
      await behind?.stops();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function enrolment(boxes: Box[], password: string) {
  return {
    areas: { [AREA]: '平安村' },
    operators: [{ user: OPERATOR, name: '李值班', post: '综治中心值班员', role: 'operator', password }],
    boxes: boxes.map((box, i) => ({
      ...box,
      name: `住户${i + 1}`,
      address: `平安村${i + 1}号`,
      phone: `139${String(i + 1).padStart(8, '0')}`,
      area: AREA,
    })),
  };
}
