/** Disks that are full, and data folders that became read-only, at the centre and on a box. */
import { join } from 'node:path';
import { until } from '../harness/until.ts';
import type { Villager } from '../harness/villager.ts';
import type { World } from '../harness/world.ts';
import { Fleet } from './fleet.ts';
import { pressesAgainAndAgain, QUICK_KEYS, remembers } from './people.ts';
import { type FaultContext, inScene, type Scene } from './scene.ts';
import { SmallDisk } from './small-disk.ts';

const BOXES = 20;
/** The centre lets go of a message that it cannot commit after a second, not after twenty. */
const IMPATIENT = { SHOUWANG_BROKER_MQTT_HOLD_S: '1' };

/** The centre's disk is full in the middle of a storm, and has room again later. */
export async function centreDiskFull(context: FaultContext): Promise<void> {
  await inScene(context, { boxes: BOXES, brokerEnv: IMPATIENT }, async (scene) => {
    const { world, promises } = scene;
    const data = join(world.dir, 'broker');
    await world.broker.kill();
    const disk = new SmallDisk(data, 48, () => world.broker.pid ?? 0);
    const fleet = new Fleet(world, promises, 0, BOXES);
    try {
      await world.broker.start();
      await scene.warmsUp(BOXES, 20);
      for (let n = context.short ? 1 : 3; n > 0; n--) {
        disk.fills();
        context.report.did('full disk of the centre');
        fleet.raises(10);
        const cannotCommit = () => {
          if (world.broker.tail.includes('commit failed')) return true;
          // What SQLite has reserved already takes some: more, until nothing fits.
          if (fleet.unanswered === 0) fleet.raises(10);
          return false;
        };
        await until('the centre says that it cannot commit', cannotCommit, 60_000);
        scene.checks();
        disk.hasRoomAgain();
        await fleet.isAnswered();
      }
      if (!disk.mounted) context.report.remarks('no mount allowed here: the full disk was a file size limit');
      await fleet.ends();
      await scene.keepsEverything();
    } finally {
      await fleet.ends();
      await world.broker.stop();
      disk.ends();
    }
  });
}

/** The centre is started on a folder that it cannot write: it says so and ends, and nothing is lost when it can again. */
export async function centreReadOnly(context: FaultContext): Promise<void> {
  await inScene(context, { boxes: BOXES }, async (scene) => {
    const { world } = scene;
    await world.broker.kill();
    const disk = new SmallDisk(join(world.dir, 'broker'), 48, () => 0);
    try {
      await world.broker.start();
      await scene.traffic(BOXES, 5);
      await world.broker.kill();
      disk.becomesReadOnly();
      context.report.did('read-only data folder of the centre');
      const refused = await world.broker.start().then(
        () => undefined,
        (error: Error) => error,
      );
      if (!refused) throw new Error('the centre claims to work on a read-only folder');
      if (!/dataDir: expected a directory that can be written/.test(refused.message)) throw refused;
      disk.isWritableAgain();
      await world.broker.start();
      await scene.traffic(BOXES, 5);
      scene.checks(new Set(), true);
    } finally {
      await world.broker.stop();
      disk.ends();
    }
  });
}

/** A box whose flash takes nothing: the alarm is sent from memory, "stored" is claimed when it is true, and not before. */
export async function boxFlash(context: FaultContext): Promise<void> {
  await inScene(context, { boxes: 1, bridgeEnv: QUICK_KEYS }, async (scene) => {
    const { world, promises } = scene;
    const flash = new SmallDisk(join(world.dir, world.boxId(0)), 1, () => world.boxService(0).pid ?? 0);
    try {
      await world.box(0);
      const villager = await world.connectedVillager(0);
      await pressesAgainAndAgain(villager, 1);
      context.report.did('full flash of a box');
      await takesNothing(scene, villager, () => flash.fills());
      await sendsFromMemory(scene, villager, () => flash.hasRoomAgain());

      context.report.did('read-only flash of a box');
      await takesNothing(scene, villager, () => flash.becomesReadOnly());
      await sendsFromMemory(scene, villager, () => flash.isWritableAgain());

      await pressesAgainAndAgain(villager, 1);
      remembers(villager, world.boxId(0), promises);
      await scene.storedBecomeCases();
      scene.checks(new Set(), true);
    } finally {
      await world.boxService(0).stop();
      flash.ends();
    }
  });
}

/**
 * Breaks the flash until the box has noticed: what it deletes just after the breaking makes room once more, and a file that is open
 * just then keeps a file system writable.
 */
async function takesNothing({ world }: Scene, villager: Villager, breaks: () => void): Promise<void> {
  const breaksAtRest = async (): Promise<true> => {
    await until('the box is at rest', async () => (await unanswered(world)) === 0);
    breaks();
    return true;
  };
  await until(
    'the flash takes nothing',
    async () => {
      await breaksAtRest();
      const pressed = await villager.pressesSos();
      await villager.seesAlarm('received', (a) => a.id === pressed.id && a.receivedAt, 30_000);
      await villager.call('withdraw', {});
      return villager.state?.claims.stored === false;
    },
    60_000,
  );
  await until('the flash is broken at rest', breaksAtRest);
}

async function sendsFromMemory({ world }: Scene, villager: Villager, mend: () => void): Promise<void> {
  // With the centre there: received all the same, and at no moment shown as stored before that.
  const before = villager.alarm?.id;
  await villager.pressesSos();
  const received = await villager.seesAlarm('received', (a) => a.id !== before && a.receivedAt, 30_000);
  const early = villager.seen.find(
    ({ alarm }) => alarm?.id === received.id && alarm.storedAt !== undefined && alarm.receivedAt === undefined,
  );
  if (early) throw new Error('stored was shown while the flash took nothing');
  await villager.call('withdraw', {});

  // Without the centre: not claimed as stored; then the flash is mended, and it is; then the box dies.
  await world.broker.kill();
  const pressed = await villager.pressesSos();
  await until('the TV knows of the flash', () => villager.state?.claims.stored === false);
  if (villager.alarm?.storedAt !== undefined) throw new Error('stored was shown while the flash took nothing');
  mend();
  await villager.seesAlarm('stored after all', (a) => a.id === pressed.id && a.storedAt, 30_000);
  await world.broker.start();
  await villager.seesAlarm('received', (a) => a.id === pressed.id && a.receivedAt, 60_000);
  await villager.call('withdraw', {});
}

/** How many messages of box 0 the centre has not answered. */
async function unanswered(world: World): Promise<number> {
  const answer = await fetch(new URL('/health', world.tvUrl(0)));
  return ((await answer.json()) as { unanswered: number }).unanswered;
}
