/** The centre loses its power while boxes send: what it answered as received must be on the platter. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stringify } from 'yaml';
import { dataFiles } from '../../broker/src/index.ts';
import { alarmKey, compare, type Finding, Promises } from '../faults/promises.ts';
import { freePorts } from '../harness/ports.ts';
import { until } from '../harness/until.ts';
import { WireBox } from '../harness/wire-box.ts';
import { World } from '../harness/world.ts';
import { anInstant, type CampaignOptions, type CampaignReport, cutLine } from './campaign.ts';
import { Guest } from './guest.ts';
import { readPlatter } from './platter.ts';

const BOXES = 10;
/** Unanswered alarms of one box. */
const WINDOW = 6;
const MQTT = 1883;
const PATIENCE_MS = 600_000;

/** `app.img` must hold `enrolment.yaml`, made by `brokerFiles`. */
export function brokerFiles(world: World): Record<string, string> {
  return { 'enrolment.yaml': stringify(world.enrolment()) };
}

export const brokerWorld = (): World => new World({ boxes: BOXES });

type Event = ReturnType<WireBox['alarm']>;

export async function cutBroker(o: CampaignOptions, world: World): Promise<CampaignReport> {
  const [mqtt = 0] = await freePorts(1);
  const promises = new Promises();
  const guest = new Guest({
    ...o,
    name: 'broker',
    program: 'broker.mjs',
    memoryMb: 512,
    env: {
      SHOUWANG_BROKER_MQTT_HOST: '0.0.0.0',
      SHOUWANG_BROKER_MQTT_PORT: String(MQTT),
      SHOUWANG_BROKER_DATA_DIR: '/data/broker',
      SHOUWANG_BROKER_ENROLMENT_FILE: '/app/enrolment.yaml',
    },
    forwards: [[mqtt, MQTT]],
    onLine: () => undefined,
  });
  await guest.opens();
  const problems: string[] = [];
  const unanswered = new Map<string, { box: number; event: Event }>();
  let cutsWhileStarting = 0;
  let found: Finding = { cases: 0, ledgerRows: 0, problems: [] };

  /** Boxes send until `enough` of them were answered in this round. */
  async function flows(enough: number): Promise<void> {
    const boxes = await Promise.all(world.secrets.boxes.map((secret, i) => connects(mqtt, world.boxId(i), secret)));
    for (const { box, event } of unanswered.values()) boxes[box]?.sends('alarm', event);
    let answered = 0;
    const hear = (): void => {
      for (const box of boxes)
        for (const [id, { caseNo }] of box.received) {
          const key = alarmKey(box.boxId, id);
          if (!unanswered.delete(key)) continue;
          answered++;
          promises.hearsReceived(key, caseNo ?? '');
        }
    };
    const send = (): void => {
      for (const [i, box] of boxes.entries()) {
        const open = [...unanswered.values()].filter((u) => u.box === i).length;
        for (let n = open; n < WINDOW; n++) {
          const event = box.alarm();
          unanswered.set(alarmKey(box.boxId, event.id), { box: i, event });
          promises.sent.add(alarmKey(box.boxId, event.id));
          box.sends('alarm', event);
        }
      }
    };
    await until(
      `${enough} alarms are answered`,
      () => {
        hear();
        send();
        return answered >= enough;
      },
      PATIENCE_MS,
      5,
    );
    await guest.losesPowerAtWork(o.random);
    await Promise.all(boxes.map((box) => box.loses()));
    hear();
    await Promise.all(boxes.map((box) => box.leaves()));
  }

  try {
    for (let n = 1; n <= o.cuts; n++) {
      const whileStarting = n > 1 && o.random.chance(0.2);
      guest.powersOn();
      if (whileStarting) {
        cutsWhileStarting++;
        await guest.hasItsDisk();
        await anInstant(o.random.int(0, 4000));
        await guest.losesPowerAtWork(o.random);
      } else {
        await guest.ready();
        await flows(o.random.int(1, 120));
      }
      found = examine(guest.disk.platter, join(o.dir, 'broker-platter'), promises);
      problems.push(...found.problems);
      o.say(cutLine(n, whileStarting ? 'while starting' : 'under load', promises, found));
      if (found.problems.length > 0 && !o.withoutFsync) break;
    }
  } finally {
    await guest.closes();
  }
  return { what: 'broker', cuts: o.cuts, cutsWhileStarting, promises, cases: found.cases, disk: guest.disk.counts, problems };
}

/** Tries until the centre lets it in: an emulated processor has much to do just after the start. */
function connects(port: number, boxId: string, secret: string): Promise<WireBox> {
  return until(`${boxId} is connected`, () => WireBox.connects(port, boxId, secret), PATIENCE_MS, 500);
}

function examine(platter: Buffer, dir: string, promises: Promises): Finding {
  const { files, damage } = readPlatter(platter, dir);
  const { database, ledgerKey } = dataFiles(join(files, 'broker'));
  try {
    // The log is put in first, as the centre itself does when it starts again.
    const db = new DatabaseSync(database);
    db.exec('pragma wal_checkpoint(truncate)');
    db.close();
    const found = compare(database, ledgerKey, promises, new Set());
    return { ...found, problems: [...damage, ...found.problems] };
  } catch (error) {
    return { cases: 0, ledgerRows: 0, problems: [...damage, `the database does not open: ${(error as Error).message}`] };
  }
}
