/** The HLS streams that run, by camera: begun by the first playlist, ended when the sessions that watch it end, or nobody asks any more. */
import { CodedError } from '@shouwang/protocol';
import type { Hubs } from '../../hub/hubs.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import { HlsStream } from './hls-stream.ts';

export interface HlsStreamsOptions {
  hubs: Hubs;
  clock: Clock;
  partMs: number;
  windowS: number;
  makeEpoch: () => string;
}

interface Running {
  stream: HlsStream;
  viewers: Set<string>;
  cancelIdle: Cancel;
}

/** A player asks at least once a target duration; one that has not for this long is gone. */
const IDLE_MS = 20_000;
/** Where segments are so long that it may wait for its answer, or to ask again. */
const IDLE_TARGETS = 4;

export class HlsStreams {
  readonly #o: HlsStreamsOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: HlsStreamsOptions) {
    this.#o = options;
  }

  /** Views that have fetched something and not ended. */
  get viewers(): number {
    return [...this.#running.values()].reduce((sum, r) => sum + r.viewers.size, 0);
  }

  /** The stream of a camera, begun if need be. Throws CAMERA_UNKNOWN. */
  open(cameraId: string, viewId: string): HlsStream {
    let running = this.#running.get(cameraId);
    if (!running) {
      const { hubs, clock, partMs, windowS, makeEpoch } = this.#o;
      const stream = new HlsStream({ hub: hubs.get(cameraId), epoch: makeEpoch(), clock, partMs, windowS });
      running = { stream, viewers: new Set(), cancelIdle: () => {} };
      this.#running.set(cameraId, running);
    }
    this.#touch(cameraId, running, viewId);
    return running.stream;
  }

  /** The stream of an epoch that still runs. Throws NOT_FOUND: the player starts over. */
  find(cameraId: string, epoch: string, viewId: string): HlsStream {
    const running = this.#running.get(cameraId);
    if (running?.stream.epoch !== epoch) throw new CodedError('NOT_FOUND', 'this stream has ended');
    this.#touch(cameraId, running, viewId);
    return running.stream;
  }

  /** A view has ended. */
  leave(cameraId: string, viewId: string): void {
    const running = this.#running.get(cameraId);
    if (running?.viewers.delete(viewId) && running.viewers.size === 0) this.#end(cameraId);
  }

  close(): void {
    for (const cameraId of [...this.#running.keys()]) this.#end(cameraId);
  }

  #touch(cameraId: string, running: Running, viewId: string): void {
    running.viewers.add(viewId);
    running.cancelIdle();
    running.cancelIdle = this.#o.clock.after(Math.max(IDLE_MS, IDLE_TARGETS * 1000 * running.stream.targetS), () => this.#end(cameraId));
  }

  #end(cameraId: string): void {
    const running = this.#running.get(cameraId);
    this.#running.delete(cameraId);
    running?.cancelIdle();
    running?.stream.close();
  }
}
