/** kill -9 of the centre and of bridges at random instants, in storm after storm. */
import type { Random } from '../harness/random.ts';
import type { World } from '../harness/world.ts';
import { Fleet } from './fleet.ts';
import { pressesAgainAndAgain, QUICK_KEYS, remembers } from './people.ts';
import { type FaultContext, inScene, type Scene } from './scene.ts';

/** Bridges as processes, with a villager each; the other boxes are on the wire. */
const BRIDGES = 2;
const BOXES = 24;
/** A bridge waits no longer than this for the next try: a storm is a matter of seconds. */
const HASTE = {
  ...QUICK_KEYS,
  SHOUWANG_BRIDGE_UPLINK_RECONNECT_MIN_MS: '50',
  SHOUWANG_BRIDGE_UPLINK_RECONNECT_MAX_MS: '500',
  SHOUWANG_BRIDGE_UPLINK_RETRY_MIN_MS: '300',
  SHOUWANG_BRIDGE_UPLINK_RETRY_MAX_MS: '1000',
};

export async function kills(context: FaultContext): Promise<void> {
  const { random, report, storms, say } = context;
  await inScene(context, { boxes: BOXES, bridgeEnv: HASTE }, async (scene) => {
    const { world, promises } = scene;
    const fleet = new Fleet(world, promises, BRIDGES, BOXES);
    try {
      for (let i = 0; i < BRIDGES; i++) await world.box(i);
      for (let storm = 1; storm <= storms; storm++) {
        await aStorm(scene, fleet, random, (who) => report.did(`kill -9 of the ${who}`));
        scene.checks();
        report.did('storms');
        if (storm % 10 === 0) say(`${storm} storms: ${promises.received.size} alarms received`);
      }
    } finally {
      await fleet.ends();
    }
    await scene.keepsEverything();
  });
}

type Killed = 'broker' | 'bridge';

async function aStorm(scene: Scene, fleet: Fleet, random: Random, tell: (who: Killed) => void): Promise<void> {
  const { world, promises } = scene;
  const boxes = Array.from({ length: BRIDGES }, (_, i) => i);
  const villagers = await Promise.all(boxes.map((i) => world.villager(i)));
  const presses = Promise.all(villagers.map((villager) => pressesAgainAndAgain(villager, random.int(1, 3))));
  // Heard below; it may fail before.
  presses.catch(() => undefined);
  fleet.raises(random.int(1, 8));
  const dead = new Set<Killed | number>();
  for (let n = random.int(1, 3); n > 0; n--) {
    await new Promise((resolve) => setTimeout(resolve, random.int(0, 400)));
    const who = random.pick(['broker', 'broker', ...boxes] as const);
    if (dead.has(who)) continue;
    dead.add(who);
    tell(who === 'broker' ? 'broker' : 'bridge');
    if (who === 'broker') await world.broker.kill();
    else await world.boxService(who).kill();
    if (random.chance(0.5)) await revives(world, dead);
  }
  // Not before the hands are done: presses while the centre is away are the ones that must not be lost.
  await presses;
  for (const [i, villager] of villagers.entries()) {
    remembers(villager, world.boxId(i), promises);
    villager.turnsOffTheTv();
  }
  await revives(world, dead);
  await fleet.isAnswered();
  await scene.storedBecomeCases();
}

/** Starts again what was killed, all at once: who is up first is chance. */
async function revives(world: World, dead: Set<Killed | number>): Promise<void> {
  const starts = [...dead].flatMap((who) => (who === 'broker' ? [world.broker] : typeof who === 'number' ? [world.boxService(who)] : []));
  dead.clear();
  await Promise.all(starts.map((service) => service.start()));
}
