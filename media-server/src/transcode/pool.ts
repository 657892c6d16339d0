/**
 * Transcodes of the node: one a camera and profile, whoever watches, only while somebody does, and no more than fit into the
 * share of the processor that is set aside for them.
 */
import { CodedError } from '@shouwang/protocol';
import { Hub } from '../hub/hub.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { expectedCorePercent, type TranscodeProfile } from './profiles.ts';
import { TranscodeSource } from './transcode-source.ts';

export interface TranscodePoolOptions {
  ffmpeg: string;
  clock: Clock;
  log: Log;
  /** How long a transcode goes on when nobody watches any more. */
  lingerMs: number;
  /** All transcodes together, in percent of one core. 0: none at all. */
  maxCorePercent: number;
  /** Seconds of processor time that a process has used. */
  cpuSeconds?: (pid: number) => number | undefined;
}

interface Running {
  hub: Hub;
  pid: number | undefined;
  corePercent: number;
  measured: boolean;
  /** At the last look. */
  usedS: number | undefined;
}

const LOOK_MS = 5000;

export class TranscodePool {
  readonly #o: TranscodePoolOptions;
  readonly #running = new Map<string, Running>();
  readonly #stopLooking: Cancel;

  constructor(options: TranscodePoolOptions) {
    this.#o = options;
    this.#stopLooking = every(options.clock, LOOK_MS, () => this.#look());
  }

  get running(): number {
    return this.#running.size;
  }

  /** Measured, or as expected while it was not yet, in percent of one core. */
  get corePercent(): number {
    return [...this.#running.values()].reduce((sum, r) => sum + r.corePercent, 0);
  }

  /** `parent` in another coding, as a hub. Subscribe at once: what nobody watches is let go. Throws TRANSCODE_BUDGET. */
  hub(parent: Hub, profile: TranscodeProfile): Hub {
    const key = `${parent.cameraId}/${parent.quality}/${profile.name}`;
    const running = this.#running.get(key);
    if (running) return running.hub;
    const expected = expectedCorePercent(profile, parent.track);
    if (this.corePercent + expected > this.#o.maxCorePercent) throw new CodedError('TRANSCODE_BUDGET');
    return this.#begin(key, parent, profile, expected);
  }

  async close(): Promise<void> {
    this.#stopLooking();
    await Promise.all([...this.#running.values()].map((r) => r.hub.close()));
    this.#running.clear();
  }

  #begin(key: string, parent: Hub, profile: TranscodeProfile, corePercent: number): Hub {
    const { ffmpeg, clock, lingerMs } = this.#o;
    const log = this.#o.log.child({ camera: parent.cameraId, transcode: profile.name });
    const onProcess = (pid: number | undefined) => {
      if (running.pid === pid) return;
      Object.assign(running, { pid, usedS: undefined });
      // By now the camera has said what it sends.
      if (!running.measured) running.corePercent = expectedCorePercent(profile, parent.track);
    };
    const source = new TranscodeSource({ parent, profile, ffmpeg, clock, log, onProcess });
    const onPulled = (_hub: Hub, pulled: boolean) => {
      if (!pulled) this.#running.delete(key);
    };
    const hub = new Hub({ cameraId: parent.cameraId, quality: parent.quality, source, clock, log, lingerMs, onPulled });
    const running: Running = { hub, pid: undefined, corePercent, measured: false, usedS: undefined };
    this.#running.set(key, running);
    clock.after(LOOK_MS, () => {
      if (hub.state.phase === 'idle' && this.#running.get(key) === running) this.#running.delete(key);
    });
    return hub;
  }

  /** What each has used since the last look takes the place of what was expected. */
  #look(): void {
    const used = this.#o.cpuSeconds ?? cpuSeconds;
    for (const running of this.#running.values()) {
      const now = running.pid === undefined ? undefined : used(running.pid);
      if (now !== undefined && running.usedS !== undefined) {
        running.corePercent = ((now - running.usedS) * 100_000) / LOOK_MS;
        running.measured = true;
      }
      running.usedS = now;
    }
  }
}
