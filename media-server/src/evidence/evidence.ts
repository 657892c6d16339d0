/** Everything of this node that has to do with evidence, as one object: rings, clips, exports, the key, the word to the centre. */
import { join } from 'node:path';
import type { MediaFaultsTold } from '@shouwang/protocol';
import type { MediaConfig } from '../config.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { Rings } from '../recorder/rings.ts';
import { CentreClock } from './centre-clock.ts';
import { ClipStore } from './clip-store.ts';
import { Clips } from './clips.ts';
import { DiskBudget, diskFree } from './disk-budget.ts';
import { EvidenceChannel } from './evidence-channel.ts';
import { ClipExports } from './exports.ts';
import { EvidenceKey } from './key.ts';
import { MaskedCopies } from './masked-copies.ts';

export interface EvidenceOptions {
  config: Pick<MediaConfig, 'cameras' | 'dataDir' | 'recorder' | 'centre'>;
  hubs: Hubs;
  ffmpeg: string | undefined;
  faults: () => MediaFaultsTold['data'];
  clock: Clock;
  log: Log;
  /** Bytes that the disk has left, where a test says so. */
  diskFree?: () => number;
}

const MB = 1024 * 1024;

export class Evidence {
  readonly budget: DiskBudget;
  readonly rings: Rings;
  readonly centreClock: CentreClock;
  readonly clips: Clips;
  readonly exports: ClipExports;
  readonly copies: MaskedCopies;
  readonly channel: EvidenceChannel;

  /** Throws CONFIG_INVALID where the signing key cannot be read. */
  constructor(options: EvidenceOptions) {
    const { config, hubs, ffmpeg, faults, clock, log } = options;
    const { recorder, cameras } = config;
    const { node } = config.centre;
    const folder = join(config.dataDir, 'evidence');
    const key = EvidenceKey.open(join(folder, 'key.pem'));
    this.budget = new DiskBudget({
      limit: recorder.diskBudgetMb * MB,
      warnAt: recorder.warnPercent / 100,
      diskFree: options.diskFree ?? (() => diskFree(folder)),
    });
    this.centreClock = new CentreClock(clock);
    this.rings = new Rings({
      hubs,
      cameras,
      clock,
      preRollMs: recorder.ringS * 1000,
      cameraBytes: recorder.cameraMb * MB,
      totalBytes: recorder.ringMb * MB,
    });
    const store = new ClipStore(join(folder, 'clips'));
    const onMade = (clipId: string) => this.budget.measured(clipId, store.bytes(clipId));
    this.copies = new MaskedCopies({ ffmpeg, store, clock, log, onMade });
    this.clips = new Clips({
      node,
      cameras,
      hubs,
      rings: this.rings,
      store,
      budget: this.budget,
      copies: this.copies,
      key,
      clock,
      centreClock: this.centreClock,
      log,
      maxActive: recorder.maxActive,
      lateMs: recorder.lateS * 1000,
      lateWithinMs: recorder.lateWithinS * 1000,
      onChanged: () => this.channel.changed(),
    });
    this.exports = new ClipExports({ folder: join(folder, 'exports'), ffmpeg, clock, log, concurrency: recorder.exports });
    this.channel = new EvidenceChannel({ node, key, clips: this.clips, faults, clock, log });
  }

  async start(): Promise<void> {
    this.rings.start();
    this.exports.start();
    await this.clips.start();
  }

  async close(): Promise<void> {
    this.exports.close();
    await this.clips.close();
    // What was finished just now may have asked for one.
    this.copies.close();
    this.rings.close();
  }
}
