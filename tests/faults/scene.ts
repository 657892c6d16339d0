/** One fault's world: a centre in its own process, the promises made in it, and the check at the end. */
import { join } from 'node:path';
import { dataFiles } from '../../broker/src/index.ts';
import type { Mains } from '../harness/bundle.ts';
import type { Random } from '../harness/random.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World, type WorldOptions } from '../harness/world.ts';
import { Fleet } from './fleet.ts';
import { givesMemoryBack, INSPECTED, residentBytes } from './memory.ts';
import { alarmsWithCase, compare, Promises } from './promises.ts';
import type { Report } from './report.ts';

export interface FaultContext {
  random: Random;
  report: Report;
  /** Repetitions of what is repeated. */
  storms: number;
  /** Smaller numbers, for the set inside `npm test`. */
  short: boolean;
  say(text: string): void;
  /** Started hundreds of times: bundles start four times faster than the sources. */
  mains: Mains;
}

const FAR_FUTURE = '86400';

export class Scene {
  readonly world: World;
  readonly promises = new Promises();
  readonly #context: FaultContext;
  #memoryBefore: number | undefined;

  private constructor(world: World, context: FaultContext) {
    this.world = world;
    this.#context = context;
  }

  /** Nobody is at the desk: escalations would only add noise. */
  static async opens(context: FaultContext, options: WorldOptions): Promise<Scene> {
    const world = await startWorld({
      ...options,
      mains: context.mains,
      brokerEnv: { ...INSPECTED, SHOUWANG_BROKER_DEADLINES_SIGN_S: FAR_FUTURE, ...options.brokerEnv },
    });
    return new Scene(world, context);
  }

  get database(): string {
    return dataFiles(join(this.world.dir, 'broker')).database;
  }

  /** The alarms that are cases now. */
  cases(): Set<string> {
    return alarmsWithCase(this.database);
  }

  /** Ordinary traffic of so many boxes. */
  async traffic(boxes: number, each: number): Promise<void> {
    const fleet = new Fleet(this.world, this.promises, 0, boxes);
    try {
      fleet.raises(each);
      await fleet.isAnswered();
    } finally {
      await fleet.ends();
    }
  }

  /** The same, and then the centre's memory is noted: what `keepsEverything` compares with. */
  async warmsUp(boxes: number, each: number): Promise<void> {
    await this.traffic(boxes, each);
    this.#memoryBefore = await residentBytes(this.world.broker);
  }

  /** Waits until every alarm that was shown as stored is a case. `meanwhile` lets a clock of the test's run. */
  async storedBecomeCases(meanwhile: () => void = () => undefined): Promise<void> {
    await until(
      'every stored alarm is a case',
      () => {
        meanwhile();
        const cases = this.cases();
        return [...this.promises.stored].every((key) => cases.has(key));
      },
      120_000,
      100,
    );
  }

  /** Throws where a promise is broken. `onBoxes`: alarms that are still there, or were refused and are kept. */
  async keepsEverything(onBoxes: ReadonlySet<string> = new Set()): Promise<void> {
    this.checks(onBoxes, true);
    if (this.#memoryBefore === undefined) return;
    const ratio = await givesMemoryBack(this.world.broker, this.#memoryBefore);
    this.#context.say(`memory of the centre: ${Math.round(ratio * 100)} % of before`);
  }

  /** The same without memory; `last` adds it to the report. */
  checks(onBoxes: ReadonlySet<string> = new Set(), last = false): void {
    const found = compare(this.database, dataFiles(join(this.world.dir, 'broker')).ledgerKey, this.promises, onBoxes);
    if (found.problems.length > 0) throw new Error(`promises were broken:\n  ${found.problems.slice(0, 20).join('\n  ')}`);
    if (last) this.#context.report.adds(this.promises, found);
  }
}

/** Runs `act` in a scene. After a failure its folder is kept, and named in the error. */
export async function inScene(context: FaultContext, options: WorldOptions, act: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await Scene.opens(context, options);
  let failed = true;
  try {
    await act(scene);
    failed = false;
  } catch (error) {
    throw new Error(`${(error as Error).message}\nkept: ${scene.world.dir}`, { cause: error });
  } finally {
    await scene.world.ends({ keep: failed });
  }
}
