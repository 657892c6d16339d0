/** How this node and its cameras are: the watch over pictures, the probe, the disk; what is wrong goes to the centre. */
import type { MediaConfig } from '../config.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Hubs } from '../hub/hubs.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { FaultBook } from './fault-book.ts';
import { lumaOf } from './luma.ts';
import { PictureWatch } from './picture-watch.ts';
import { Probe } from './probe.ts';

export interface NodeHealthOptions {
  config: Pick<MediaConfig, 'cameras' | 'health'>;
  hubs: Hubs;
  faults: FaultBook;
  evidence: Pick<Evidence, 'budget' | 'channel'>;
  ffmpeg: string | undefined;
  /** As the probe asks it. */
  canSpare?: (url: string) => boolean;
  clock: Clock;
  log: Log;
}

const DISK_MS = 5000;
const MB = 1024 * 1024;

export class NodeHealth {
  readonly #o: NodeHealthOptions;
  readonly #watch: PictureWatch;
  readonly #probe: Probe;
  #cancel: Cancel = () => {};

  constructor(options: NodeHealthOptions) {
    this.#o = options;
    const { config, hubs, faults, ffmpeg, canSpare, clock, log } = options;
    const decode = ffmpeg ? (keys: Parameters<typeof lumaOf>[0]) => lumaOf(keys, { ffmpeg, clock }) : undefined;
    this.#watch = new PictureWatch({ hubs, faults, clock, log, decode, perMinute: config.health.looksPerMinute });
    this.#probe = new Probe({ hubs, cameras: config.cameras, canSpare, clock, perHour: config.health.probesPerHour });
  }

  start(): void {
    const { faults, evidence, ffmpeg, clock } = this.#o;
    faults.onChanged = () => evidence.channel.changed();
    faults.set(undefined, 'no-ffmpeg', !ffmpeg);
    this.#watch.start();
    this.#probe.start();
    this.#disk();
    this.#cancel = every(clock, DISK_MS, () => this.#disk());
  }

  close(): void {
    this.#cancel();
    this.#probe.close();
    this.#watch.close();
  }

  #disk(): void {
    const { faults, evidence } = this.#o;
    evidence.budget.look();
    const { state, used, limit } = evidence.budget;
    const detail = `${Math.round(used / MB)} / ${Math.round(limit / MB)} MB`;
    faults.set(undefined, 'disk-full', state === 'full', detail);
    faults.set(undefined, 'disk-nearly-full', state === 'nearly-full', detail);
  }
}
