/**
 * Who shares a feed. A feed of one's own starts with the cached key frame; but each costs the relay another copy of the
 * camera, so only the first few viewers of a camera get one, and later ones join one and wait for the next key frame.
 */
import { randomInt } from 'node:crypto';
import type { Hub } from '../../hub/hub.ts';
import type { Clock } from '../../lib/clock.ts';
import { Feed } from './feed.ts';
import { h264Codec, type RelayRouter } from './relay.ts';

const OWN_FEEDS = 4;

export class Feeds {
  readonly #clock: Clock;
  readonly #byCamera = new Map<string, Set<Feed>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A feed with this viewer counted in; `leave` it later. */
  async join(hub: Hub, { input }: RelayRouter, payloadType: number): Promise<{ feed: Feed; producerId: string }> {
    const feeds = this.#byCamera.get(hub.cameraId) ?? new Set<Feed>();
    this.#byCamera.set(hub.cameraId, feeds);
    const shared = [...feeds].filter((f) => f.payloadType === payloadType).sort((a, b) => a.viewers - b.viewers)[0];
    if (shared && feeds.size >= OWN_FEEDS) {
      shared.viewers++;
      return { feed: shared, producerId: shared.producerId };
    }
    const ssrc = randomInt(1, 2 ** 32 - 1);
    const { kind, preferredPayloadType, ...codec } = h264Codec(payloadType);
    const rtpParameters = {
      codecs: [{ ...codec, payloadType }],
      encodings: [{ ssrc }],
      rtcp: { cname: 'shouwang', reducedSize: true },
    };
    const producer = await input.produce({ kind, rtpParameters });
    const feed = new Feed({ hub, producer, payloadType, ssrc, clock: this.#clock });
    feed.viewers = 1;
    feeds.add(feed);
    producer.observer.once('close', () => {
      feed.close();
      feeds.delete(feed);
    });
    return { feed, producerId: producer.id };
  }

  leave(feed: Feed): void {
    if (--feed.viewers === 0) feed.close();
  }
}
