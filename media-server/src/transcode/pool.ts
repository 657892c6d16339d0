/** Transcodes of the node: one a camera and profile, whoever watches, only while somebody does, and no more than fit into the budget. */
import { Hub } from '../hub/hub.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Share, TranscodeBudget } from './budget.ts';
import { expectedCorePercent, type TranscodeProfile } from './profiles.ts';
import { TranscodeSource } from './transcode-source.ts';

export interface TranscodePoolOptions {
  ffmpeg: string;
  budget: TranscodeBudget;
  clock: Clock;
  log: Log;
  /** How long a transcode goes on when nobody watches any more. */
  lingerMs: number;
}

interface Running {
  hub: Hub;
  share: Share;
}

const UNWATCHED_MS = 5000;

export class TranscodePool {
  readonly #o: TranscodePoolOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: TranscodePoolOptions) {
    this.#o = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** `parent` in another coding, as a hub. Subscribe at once: what nobody watches is let go. Throws TRANSCODE_BUDGET. */
  hub(parent: Hub, profile: TranscodeProfile): Hub {
    const key = `${parent.cameraId}/${parent.quality}/${profile.name}`;
    const running = this.#running.get(key);
    if (running) return running.hub;
    return this.#begin(key, parent, profile, this.#o.budget.take(expectedCorePercent(profile, parent.track)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((r) => r.hub.close()));
    for (const key of [...this.#running.keys()]) this.#letGo(key);
  }

  #begin(key: string, parent: Hub, profile: TranscodeProfile, share: Share): Hub {
    const { ffmpeg, clock, lingerMs } = this.#o;
    const log = this.#o.log.child({ camera: parent.cameraId, transcode: profile.name });
    const onProcess = (pid: number | undefined) => {
      share.runs(pid);
      // By now the camera has said what it sends.
      if (pid !== undefined) share.expects(expectedCorePercent(profile, parent.track));
    };
    const source = new TranscodeSource({ parent, profile, ffmpeg, clock, log, onProcess });
    const onPulled = (_hub: Hub, pulled: boolean) => {
      if (!pulled) this.#letGo(key);
    };
    const hub = new Hub({ cameraId: parent.cameraId, quality: parent.quality, source, clock, log, lingerMs, onPulled });
    const running: Running = { hub, share };
    this.#running.set(key, running);
    clock.after(UNWATCHED_MS, () => {
      if (hub.state.phase === 'idle' && this.#running.get(key) === running) this.#letGo(key);
    });
    return hub;
  }

  #letGo(key: string): void {
    this.#running.get(key)?.share.release();
    this.#running.delete(key);
  }
}
