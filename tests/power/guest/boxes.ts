/**
 * Inside the guest: simulated boxes with the bridge's own code, each with a flash folder of its own on the data disk, and a hand that
 * presses, takes back and presses again. What each TV shows goes to the serial line, one line a fact, after it was shown.
 * `/app/secrets.json` has the boxes' secrets, MQTT_URL the centre.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createSimulatedBox, type SimulatedBox } from '../../../firmware-bridge/simulator/index.ts';

/** Presses of one box between two boots: what waits for an unreachable centre stays bounded. */
const PRESSES = 60;
/** Every third hand waits for "received" before it takes the alarm back; not for ever, the centre may be away. */
const PATIENCE_MS = 4000;

const secrets = JSON.parse(readFileSync('/app/secrets.json', 'utf8')) as string[];

/** Resolves when `test` holds for what the TV shows, or with `false` after `ms`. */
function shows(box: SimulatedBox, test: () => boolean, ms?: number): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (test()) end(true);
    };
    const stop = box.app.onChange(look);
    const timer = ms === undefined ? undefined : setTimeout(() => end(false), ms);
    function end(value: boolean): void {
      clearTimeout(timer);
      stop();
      resolve(value);
    }
    look();
  });
}

function aBox(boxId: string, secret: string): SimulatedBox {
  return createSimulatedBox(
    {
      dataDir: `/data/${boxId}`,
      box: { id: boxId },
      centre: { mqttUrl: process.env.MQTT_URL },
      alarm: { withdrawWindowS: 0 },
      outbox: { maxEntries: 2000 },
      // The line is one machine: no need to wait as long as on a county's network.
      uplink: { reconnectMinMs: 100, reconnectMaxMs: 1000, retryMinMs: 1000, retryMaxMs: 2000 },
    },
    { secret },
  );
}

/** Says each fact about the alarm on the TV once. */
function tells(box: SimulatedBox, boxId: string): void {
  const said = new Set<string>();
  const look = (): void => {
    const { alarm } = box.app.state();
    if (!alarm) return;
    const say = (fact: string, more = ''): void => {
      if (said.has(fact + alarm.id)) return;
      said.add(fact + alarm.id);
      writeSync(1, `SAYS ${fact} ${boxId} ${alarm.id} ${more}\n`);
    };
    say('pressed');
    if (alarm.storedAt !== undefined) say('stored');
    if (alarm.receivedAt !== undefined) say('received', alarm.caseNo);
  };
  box.app.onChange(look);
  look();
}

async function presses(box: SimulatedBox): Promise<void> {
  const alarm = () => box.app.state().alarm;
  for (let n = 0; n < PRESSES; n++) {
    const before = alarm()?.id;
    // Past the key: presses so close together would be one to it.
    await box.app.alarm.press('sos');
    await shows(box, () => alarm()?.id !== before && alarm()?.storedAt !== undefined);
    if (n % 3 === 2) await shows(box, () => alarm()?.receivedAt !== undefined, PATIENCE_MS);
    await box.app.alarm.withdraw();
  }
}

const boxes = secrets.map((secret, i) => {
  const boxId = `box-${String(i + 1).padStart(4, '0')}`;
  return { boxId, box: aBox(boxId, secret) };
});
for (const { box, boxId } of boxes) {
  await box.start();
  tells(box, boxId);
}
writeSync(1, '{"msg":"ready"}\n');
for (const { box } of boxes) {
  // What was open at the cut is taken back, so that the next press is a new alarm.
  if (box.app.state().alarm) await box.app.alarm.withdraw().catch(() => undefined);
  void presses(box);
}
