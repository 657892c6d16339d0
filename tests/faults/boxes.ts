/** Boxes inside this process with the bridge's own code, a clock of the test's, and a hand that presses alarm after alarm. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSimulatedBox, type SimulatedBox } from '../../firmware-bridge/simulator/index.ts';
import type { Clock } from '../../firmware-bridge/src/index.ts';
import type { World } from '../harness/world.ts';
import { alarmKey, type Promises } from './promises.ts';

export interface PressedBox {
  boxId: string;
  box: SimulatedBox;
  flash: string;
}

/** Starts box `i` of the world. What its TV shows is written down as it is shown. */
export async function aBox(
  world: World,
  promises: Promises,
  i: number,
  port: number,
  clock: Clock,
  more: Record<string, unknown> = {},
): Promise<PressedBox> {
  const boxId = world.boxId(i);
  const flash = join(world.dir, boxId);
  mkdirSync(flash, { recursive: true });
  const box = createSimulatedBox(
    {
      dataDir: flash,
      box: { id: boxId },
      centre: { mqttUrl: `mqtt://127.0.0.1:${port}` },
      outbox: { maxEntries: 2000, storeTimeoutMs: 60_000 },
      ...more,
    },
    { secret: world.secrets.boxes[i]!, clock },
  );
  box.app.onChange(() => {
    const { alarm } = box.app.state();
    if (!alarm) return;
    const key = alarmKey(boxId, alarm.id);
    promises.sent.add(key);
    if (alarm.storedAt !== undefined) promises.stored.add(key);
    if (alarm.receivedAt !== undefined && alarm.caseNo !== undefined) promises.hearsReceived(key, alarm.caseNo);
  });
  await box.start();
  return { boxId, box, flash };
}

/** One alarm, stored, and taken back so that the next press is a new one. */
export async function pressesOne({ box }: PressedBox): Promise<void> {
  await box.app.alarm.press('sos');
  await box.app.alarm.withdraw().catch(() => undefined);
}

/** What lies unanswered on a box, and what it keeps as refused. */
export function onFlash({ boxId, flash }: PressedBox): { waiting: Set<string>; refused: Set<string> } {
  const alarms = (folder: string): Set<string> => {
    const names = readdirSync(folder).filter((name) => /^[0-9a-f-]{36}\..*json$/.test(name));
    return new Set(names.map((name) => alarmKey(boxId, name.slice(0, 36))));
  };
  return { waiting: alarms(join(flash, 'outbox')), refused: alarms(join(flash, 'outbox/rejected')) };
}

/** A clock that runs so many times faster than the real one. */
export function fastClock(times: number): Clock {
  const wallStart = Date.now();
  const start = performance.now();
  const mono = (): number => (performance.now() - start) * times;
  return {
    now: () => Math.floor(wallStart + mono()),
    mono,
    after(ms, fn) {
      const timer = setTimeout(fn, ms / times);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
