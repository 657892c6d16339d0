/**
 * Who shares a feed. A feed of one's own starts with the cached key frame, but doubles what a viewer costs, most of it on this process's own
 * thread (docs/benchmarks.md): so viewers get one while that and the worker have time, and no more than so many of a camera. Others join one
 * that is there and wait for the camera's next key frame. Where the viewer is on another worker, the feed is piped there, once for all who are.
 */
import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { Hub } from '../../hub/hub.ts';
import type { Clock } from '../../lib/clock.ts';
import { h264Codec, producing, type SoundChoice, soundCodec } from './codecs.ts';
import { Feed } from './feed.ts';
import { OpusEncoder } from './opus-encoder.ts';
import type { RelayRouter, RelayWorker } from './relay-worker.ts';
import { SoundFeed } from './sound-feed.ts';

/** A viewer's part in a feed. */
export interface Seat {
  producerId: string;
  /** Once the viewer can receive. */
  start(): void;
  /** Handed out since this viewer joined. */
  bytes(): number;
  leave(): void;
}

interface Running {
  feed: Feed;
  at: RelayRouter;
  pipes: Map<RelayRouter, { opened: Promise<types.PipeToRouterResult>; users: number }>;
}

class FeedsOfHub extends Set<Running> {
  /** Being made. */
  coming = 0;
}

interface RunningSound {
  feed: SoundFeed;
  opened: Promise<string>;
  users: number;
}

export interface FeedsOptions {
  clock: Clock;
  /** How many viewers of a camera get one of their own at most. */
  ownFeeds: number;
  /** How busy this process's own thread is, 0 to 1. */
  threadUse: () => number;
  /** Makes Opus of AAC; absent: that is not to be heard. */
  ffmpeg?: string | undefined;
}

/** Above this the thread is kept for those who watch already. */
const BUSY = 0.5;

export class Feeds {
  readonly #o: FeedsOptions;
  readonly #byHub = new Map<Hub, FeedsOfHub>();
  readonly #sounds = new Map<Hub, Map<RelayRouter, RunningSound>>();
  /** One a camera, whoever hears it. */
  readonly #encoders = new Map<Hub, { encoder: OpusEncoder; users: number }>();

  constructor(options: FeedsOptions) {
    this.#o = options;
  }

  /** A worker that carries the camera already. */
  home(hub: Hub): RelayWorker | undefined {
    for (const { at } of this.#byHub.get(hub) ?? []) if (at.worker.up) return at.worker;
    return undefined;
  }

  /** The pictures, for a viewer of this router. */
  async join(hub: Hub, at: RelayRouter, payloadType: number): Promise<Seat> {
    const all = this.#byHub.get(hub) ?? new FeedsOfHub();
    this.#byHub.set(hub, all);
    const count = all.size + all.coming;
    if (count === 0 || (count < this.#o.ownFeeds && !at.worker.late && this.#o.threadUse() < BUSY))
      return this.#own(hub, at, payloadType, all);
    const fewest = (list: Running[]) => list.sort((a, b) => a.feed.viewers - b.feed.viewers)[0];
    const near = fewest([...all].filter((r) => r.at === at));
    if (near) return this.#seat(near, near.feed.producerId, () => {});
    const far = fewest([...all]);
    // All that there may be are being made at this moment: one more is no harm.
    return far ? this.#piped(far, at) : this.#own(hub, at, payloadType, all);
  }

  /** The sound, for a viewer of this router; one feed for all of them, because sound has no key frames to wait for. */
  async joinSound(hub: Hub, at: RelayRouter, choice: SoundChoice): Promise<Seat> {
    const byRouter = this.#sounds.get(hub) ?? new Map<RelayRouter, RunningSound>();
    this.#sounds.set(hub, byRouter);
    let running = byRouter.get(at);
    if (!running || running.feed.choice.codec !== choice.codec) {
      const ssrc = randomInt(1, 2 ** 32 - 1);
      const encoder = choice.codec === 'opus' ? this.#encoderOf(hub) : undefined;
      const feed = new SoundFeed({ hub, choice, ssrc, encoder });
      const opened = at.input.produce(producing(soundCodec(choice), ssrc)).then((producer) => {
        feed.sendTo(producer);
        return producer.id;
      });
      running = { feed, opened, users: 0 };
      byRouter.set(at, running);
    }
    const mine = running;
    mine.users++;
    const leave = once(() => {
      if (--mine.users > 0) return;
      mine.feed.close();
      if (byRouter.get(at) === mine) byRouter.delete(at);
      if (byRouter.size === 0 && this.#sounds.get(hub) === byRouter) this.#sounds.delete(hub);
    });
    try {
      const producerId = await mine.opened;
      const before = mine.feed.bytes;
      return { producerId, start: () => mine.feed.start(), bytes: () => mine.feed.bytes - before, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Runs from the first who takes it to the last who gives it back. */
  #encoderOf(hub: Hub) {
    const { ffmpeg = '', clock } = this.#o;
    return {
      take: () => {
        const shared = this.#encoders.get(hub) ?? { encoder: new OpusEncoder({ hub, ffmpeg, clock }), users: 0 };
        this.#encoders.set(hub, shared);
        shared.users++;
        return shared.encoder;
      },
      giveBack: () => {
        const shared = this.#encoders.get(hub);
        if (!shared || --shared.users > 0) return;
        this.#encoders.delete(hub);
        shared.encoder.close();
      },
    };
  }

  async #own(hub: Hub, at: RelayRouter, payloadType: number, all: FeedsOfHub): Promise<Seat> {
    const ssrc = randomInt(1, 2 ** 32 - 1);
    all.coming++;
    const producer = await at.input.produce(producing(h264Codec(payloadType), ssrc)).finally(() => {
      all.coming--;
      this.#forget(hub, all);
    });
    this.#byHub.set(hub, all);
    const feed = new Feed({ hub, producer, payloadType, ssrc, clock: this.#o.clock, relay: at.worker });
    const running: Running = { feed, at, pipes: new Map() };
    all.add(running);
    at.keyAsked.set(ssrc, () => feed.keyAsked());
    producer.observer.once('close', () => {
      feed.close();
      at.keyAsked.delete(ssrc);
      all.delete(running);
      this.#forget(hub, all);
    });
    return this.#seat(running, producer.id, () => {});
  }

  #forget(hub: Hub, all: FeedsOfHub): void {
    if (all.size === 0 && all.coming === 0 && this.#byHub.get(hub) === all) this.#byHub.delete(hub);
  }

  async #piped(running: Running, at: RelayRouter): Promise<Seat> {
    const { feed, pipes } = running;
    let pipe = pipes.get(at);
    if (!pipe) {
      // Two routers of one worker may not know one id twice, so the copy gets its own.
      pipe = { opened: running.at.router.pipeToRouter({ producerId: feed.producerId, router: at.router, keepId: false }), users: 0 };
      pipes.set(at, pipe);
    }
    const mine = pipe;
    mine.users++;
    // Kept while the pipe is being made.
    feed.viewers++;
    const unpipe = once(() => {
      if (--mine.users > 0) return;
      if (pipes.get(at) === mine) pipes.delete(at);
      mine.opened.then((made) => made.pipeConsumer?.close()).catch(() => {});
    });
    try {
      const { pipeProducer } = await mine.opened;
      if (!pipeProducer) throw new Error('mediasoup piped nothing');
      return this.#seat(running, pipeProducer.id, unpipe);
    } catch (error) {
      unpipe();
      throw error;
    } finally {
      this.#leave(feed);
    }
  }

  #seat({ feed }: Running, producerId: string, alsoLeave: () => void): Seat {
    feed.viewers++;
    const before = feed.bytes;
    return {
      producerId,
      start: () => feed.start(),
      bytes: () => feed.bytes - before,
      leave: once(() => {
        alsoLeave();
        this.#leave(feed);
      }),
    };
  }

  #leave(feed: Feed): void {
    if (--feed.viewers === 0) feed.close();
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
