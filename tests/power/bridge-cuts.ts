/** Boxes lose their power while hands press: what their TV showed as stored must be on the flash, or a case at the centre. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataFiles } from '../../broker/src/index.ts';
import { Line } from '../faults/line.ts';
import { alarmKey, alarmsWithCase, compare, type Finding, Promises } from '../faults/promises.ts';
import { until } from '../harness/until.ts';
import { World } from '../harness/world.ts';
import { anInstant, type CampaignOptions, type CampaignReport, cutLine } from './campaign.ts';
import { Guest } from './guest.ts';
import { readPlatter } from './platter.ts';

const BOXES = 6;
/** QEMU's user network shows the host's loopback to the guest at this address. */
const HOST = '10.0.2.2';
/** Software emulation on a busy machine. */
const PATIENCE_MS = 600_000;

export const bridgeWorld = (): World => new World({ boxes: BOXES });

export function bridgeFiles(world: World): Record<string, string> {
  return { 'secrets.json': JSON.stringify(world.secrets.boxes) };
}

/** `world` is started here and stays the caller's to end. */
export async function cutBridge(o: CampaignOptions, world: World): Promise<CampaignReport> {
  await world.starts();
  const line = await new Line(world.ports.mqtt).opens();
  const promises = new Promises();
  const problems: string[] = [];
  let storedNow = 0;
  const guest = new Guest({
    ...o,
    name: 'bridge',
    program: 'boxes.mjs',
    memoryMb: 384,
    env: { MQTT_URL: `mqtt://${HOST}:${line.port}` },
    forwards: [],
    onLine: (text) => {
      const said = /^SAYS (pressed|stored|received) (\S+) (\S+) ?(\S*)$/.exec(text);
      if (!said) return;
      const [, fact, boxId = '', id = '', caseNo = ''] = said;
      const key = alarmKey(boxId, id);
      if (fact === 'pressed') promises.sent.add(key);
      if (fact === 'received') promises.hearsReceived(key, caseNo);
      if (fact !== 'stored') return;
      // An open alarm is shown again after a start: only a new one counts.
      if (!promises.stored.has(key)) storedNow++;
      promises.stored.add(key);
    },
  });
  await guest.opens();
  const { database, ledgerKey } = dataFiles(join(world.dir, 'broker'));
  let cutsWhileStarting = 0;
  let found: Finding = { cases: 0, ledgerRows: 0, problems: [] };

  try {
    for (let n = 1; n <= o.cuts; n++) {
      const away = o.random.chance(0.4);
      const whileStarting = n > 1 && o.random.chance(0.2);
      if (away) line.goesDown();
      else line.comesBack();
      storedNow = 0;
      guest.powersOn();
      if (whileStarting) {
        cutsWhileStarting++;
        await guest.hasItsDisk();
      } else {
        await guest.ready();
        const enough = o.random.int(1, 60);
        await until(`${enough} alarms are stored`, () => storedNow >= enough, PATIENCE_MS, 5);
      }
      if (whileStarting) await anInstant(o.random.int(0, 4000));
      await guest.losesPowerAtWork(o.random);
      const { onBoxes, damage } = examine(guest.disk.platter, join(o.dir, 'bridge-platter'));
      // The outbox first, the centre second: what left the one meanwhile is in the other.
      found = compare(database, ledgerKey, promises, onBoxes);
      problems.push(...damage, ...found.problems);
      const when = `${whileStarting ? 'while starting' : 'under load'}, centre ${away ? 'away' : 'there'}`;
      o.say(cutLine(n, when, promises, { ...found, problems: [...damage, ...found.problems] }));
      if (problems.length > 0 && !o.withoutFsync) break;
    }
    if (problems.length === 0) {
      line.comesBack();
      guest.powersOn();
      await until(
        'every stored alarm is a case',
        () => {
          const cases = alarmsWithCase(database);
          return [...promises.stored].every((key) => cases.has(key));
        },
        PATIENCE_MS,
        500,
      );
      found = compare(database, ledgerKey, promises, new Set());
      problems.push(...found.problems);
    }
  } finally {
    await guest.closes();
    await line.closes();
  }
  return { what: 'bridge', cuts: o.cuts, cutsWhileStarting, promises, cases: found.cases, disk: guest.disk.counts, problems };
}

/** The alarms that lie in the boxes' outboxes. */
function examine(platter: Buffer, dir: string): { onBoxes: Set<string>; damage: string[] } {
  const { files, damage } = readPlatter(platter, dir);
  const onBoxes = new Set<string>();
  for (const boxId of readdirSync(files).filter((name) => name.startsWith('box-'))) {
    const outbox = join(files, boxId, 'outbox');
    if (!existsSync(outbox)) continue;
    for (const name of readdirSync(outbox)) if (name.endsWith('.json')) onBoxes.add(alarmKey(boxId, name.slice(0, -'.json'.length)));
  }
  return { onBoxes, damage };
}
