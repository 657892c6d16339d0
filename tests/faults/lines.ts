/** Lines that fail: the centre unreachable for an hour, packets harmed on the way, half-open connections. */
import { FakeClock } from '../../firmware-bridge/simulator/index.ts';
import { until } from '../harness/until.ts';
import { aBox, fastClock, onFlash, type PressedBox, pressesOne } from './boxes.ts';
import { Line } from './line.ts';
import { type FaultContext, inScene } from './scene.ts';
import { HARMS, tamperer } from './tamper.ts';

const HOUR_S = 3600;

/** An hour of the box's time without the centre: every alarm stays, the box goes on trying, and all arrives at once when the line is back. */
export async function hourAway(context: FaultContext): Promise<void> {
  const { random, report } = context;
  await inScene(context, { boxes: 2 }, async (scene) => {
    const { world, promises } = scene;
    const line = await new Line(world.ports.mqtt).opens();
    const clock = new FakeClock(Date.now());
    const boxes = [await aBox(world, promises, 0, line.port, clock), await aBox(world, promises, 1, line.port, clock)];
    try {
      await until('both boxes are connected', () => boxes.every((b) => b.box.app.state().centre.connected));
      line.goesDown();
      await until('both boxes know', () => boxes.every((b) => !b.box.app.state().centre.connected));
      const before = line.connections;
      for (let second = 0; second < HOUR_S; second++) {
        clock.passes(1000);
        // Lets an attempt that became due fail before time goes on.
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (random.chance(0.01)) await pressesOne(random.pick(boxes));
      }
      report.did('hours without the centre');
      const tries = line.connections - before;
      // Never later than every 30 s and its jitter, and never so often that it would hurt.
      if (tries < (2 * HOUR_S) / 60) throw new Error(`the boxes tried only ${tries} times in an hour`);
      const waiting = boxes.reduce((sum, b) => sum + onFlash(b).waiting.size, 0);
      if (waiting < promises.stored.size)
        throw new Error(`of ${promises.stored.size} stored alarms only ${waiting} messages wait on the boxes`);
      line.comesBack();
      await scene.storedBecomeCases(() => clock.passes(1000));
      scene.checks(new Set(), true);
    } finally {
      await ends(boxes, line, clock);
    }
  });
}

/** Packets are duplicated, reordered, truncated and bit-flipped in both directions: both ends live on, and all arrives in the end. */
export async function badPackets(context: FaultContext): Promise<void> {
  const { random, report, short } = context;
  const count = short ? 3 : 8;
  await inScene(context, { boxes: count + 20 }, async (scene) => {
    const { world, promises } = scene;
    await scene.warmsUp(20, 20);
    const line = new Line(world.ports.mqtt);
    promises.numbersMayLie = true;
    line.tamper = tamperer(random, HARMS, 0.1, (harm) => report.did(`packets ${harm}`));
    await line.opens();
    const boxes: PressedBox[] = [];
    try {
      for (let i = 0; i < count; i++) boxes.push(await aBox(world, promises, 20 + i, line.port, fastClock(10)));
      for (let n = 0; n < (short ? 5 : 60); n++) for (const box of boxes) await pressesOne(box);
      line.tamper = undefined;
      line.cuts();
      // Without TLS a flipped bit can make a well-formed lie of a payload: what the centre refuses is kept on the box, and said.
      const refused = (): Set<string> => new Set(boxes.flatMap((b) => [...onFlash(b).refused]));
      await until('every box is at rest', () => boxes.every((b) => onFlash(b).waiting.size === 0), 120_000, 100);
      await scene.keepsEverything(refused());
      report.remarks(`refused after a flipped bit, and kept on the box: ${refused().size}`);
    } finally {
      await ends(boxes, line);
    }
  });
}

/** Connections that stay open while nothing gets through: each end finds out by itself. */
export async function halfOpen(context: FaultContext): Promise<void> {
  const count = 5;
  await inScene(context, { boxes: count + 20 }, async (scene) => {
    const { world, promises } = scene;
    await scene.warmsUp(20, 20);
    const operator = await world.operator();
    const online = () => operator.centre.at(-1)?.boxesOnline ?? 0;
    const line = await new Line(world.ports.mqtt).opens();
    const boxes: PressedBox[] = [];
    try {
      const uplink = { keepAliveS: 5 };
      for (let i = 0; i < count; i++) boxes.push(await aBox(world, promises, 20 + i, line.port, fastClock(10), { uplink }));
      for (let n = context.short ? 1 : 5; n > 0; n--) {
        await until('the boxes are connected', () => boxes.every((b) => b.box.app.state().centre.connected) && online() === count, 60_000);
        line.dies();
        context.report.did('half-open connections', count);
        for (const box of boxes) await pressesOne(box);
        await until('the boxes have noticed', () => boxes.every((b) => !b.box.app.state().centre.connected), 60_000);
        await until('the centre has noticed', () => online() === 0, 60_000);
        line.cuts();
        line.comesBack();
        await scene.storedBecomeCases();
      }
      await ends(boxes, line);
      await operator.stopsListening();
      await scene.keepsEverything();
    } finally {
      await ends(boxes, line);
    }
  });
}

async function ends(boxes: PressedBox[], line: Line, clock?: FakeClock): Promise<void> {
  const closing = Promise.all(boxes.splice(0).map((b) => b.box.close()));
  // Their patience for a goodbye is counted on their own clock.
  clock?.passes(60_000);
  await closing;
  await line.closes();
}
