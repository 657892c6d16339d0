/** Clocks that jump: a box that boots in 1970 or is a day off, and a centre whose time is corrected. */
import { join } from 'node:path';
import { type App, createApp, createLog, parseBrokerConfig } from '../../broker/src/index.ts';
import { FakeClock } from '../../firmware-bridge/simulator/index.ts';
import { aBox, pressesOne } from './boxes.ts';
import { Fleet } from './fleet.ts';
import { type FaultContext, inScene } from './scene.ts';

const DAY_MS = 86_400_000;
const BOXES = 10;

/** The wall clock of one box jumps while alarms are pressed, stored and sent. */
export async function boxClockJumps(context: FaultContext): Promise<void> {
  await inScene(context, { boxes: 1 }, async (scene) => {
    const { world, promises } = scene;
    const clock = new FakeClock(0);
    const box = await aBox(world, promises, 0, world.ports.mqtt, clock);
    try {
      for (let n = context.short ? 4 : 30; n > 0; n--) {
        await pressesOne(box);
        const to = context.random.pick([0, Date.now(), Date.now() + DAY_MS, Date.now() - DAY_MS]);
        clock.jumpWall(to - clock.now());
        context.report.did('clock jumps of a box');
        await pressesOne(box);
        await scene.storedBecomeCases(() => clock.passes(1000));
      }
      scene.checks(new Set(), true);
    } finally {
      const closing = box.box.close();
      clock.passes(60_000);
      await closing;
    }
  });
}

/** The centre's clock jumps, also between two starts. In this process, because a process's clock cannot be injected. */
export async function centreClockJumps(context: FaultContext): Promise<void> {
  await inScene(context, { boxes: BOXES }, async (scene) => {
    const { world, promises } = scene;
    await world.broker.stop();
    let offset = 0;
    const clock = {
      now: () => Date.now() + offset,
      after(ms: number, run: () => void) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    };
    const config = parseBrokerConfig(configText(world.dir, world.ports.mqtt), 'faults');
    const fatal: string[] = [];
    const starts = async (): Promise<App> => {
      const app = createApp(config, { clock, log: createLog('silent'), onFatal: (reason) => fatal.push(reason) });
      await app.start();
      return app;
    };
    let app = await starts();
    const fleet = new Fleet(world, promises, 0, BOXES);
    try {
      for (let n = context.short ? 3 : 20; n > 0; n--) {
        fleet.raises(5);
        offset = context.random.pick([0, DAY_MS, -DAY_MS, -Date.now() + 1000]);
        context.report.did('clock jumps of the centre');
        fleet.raises(5);
        await fleet.isAnswered();
        if (!context.random.chance(0.3)) continue;
        await app.close();
        app = await starts();
      }
      if (fatal.length > 0) throw new Error(`the centre gave up: ${fatal.join('; ')}`);
    } finally {
      await fleet.ends();
      await app.close();
    }
    scene.checks(new Set(), true);
  });
}

function configText(dir: string, port: number): string {
  return JSON.stringify({ dataDir: join(dir, 'broker'), enrolmentFile: join(dir, 'enrolment.yaml'), http: { port: 0 }, mqtt: { port } });
}
