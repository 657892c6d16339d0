/** Hop Ⓒ by WebRTC: WHEP resources, admitted by a budget of bits, closed with their session or their path. */
import { randomInt, randomUUID } from 'node:crypto';
import { CodedError } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import type { MediaConfig } from '../../config.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Hubs } from '../../hub/hubs.ts';
import { parseSps, profileLevelId } from '../../ingest/h264/sps.ts';
import type { Cancel, Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { writeAnswer } from './answer.ts';
import type { Feed } from './feed.ts';
import { Feeds } from './feeds.ts';
import { chooseH264, readOffer } from './offer.ts';
import { h264Codec, Relay } from './relay.ts';

export interface WhepOptions {
  config: MediaConfig['webrtc'];
  hubs: Hubs;
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
}

interface Resource {
  viewId: string;
  hub: Hub;
  /** Undo, in the order of doing. */
  undo: (() => void)[];
}

/** A camera that nobody watched has to be connected to first. */
const TRACK_MS = 4000;
/** From the answer to DTLS; then the viewer is taken for gone. */
const CONNECT_MS = 15_000;
/** ICE consent (RFC 7675): without a sign of life for so long the path is dead. */
const CONSENT_S = 15;
/** What a camera is taken to send while it has not been measured. */
const ASSUMED_MBIT = 4;
const MAX_ENDED = 1000;

export class Whep {
  readonly #o: WhepOptions;
  readonly #relay: Relay;
  readonly #feeds: Feeds;
  readonly #resources = new Map<string, Resource>();
  /** Resource → view, of the latest that ended. */
  readonly #ended = new Map<string, string>();

  constructor(options: WhepOptions) {
    this.#o = options;
    this.#feeds = new Feeds(options.clock);
    const { config, clock, log, env } = options;
    this.#relay = new Relay({ config, clock, log, env, onDied: () => this.#endAll() });
  }

  get viewers(): number {
    return this.#resources.size;
  }

  /** What goes out now, Mbit/s, by the cameras' measured rates. */
  get mbit(): number {
    return [...this.#resources.values()].reduce((sum, r) => sum + mbitOf(r.hub), 0);
  }

  get workerState(): string {
    return this.#relay.state;
  }

  start(): Promise<{ udp: string[]; tcp: string[] } | null> {
    return this.#relay.start();
  }

  /** Answers an offer. Throws BAD_PAYLOAD, CODEC_UNSUPPORTED, CAMERA_OFFLINE, WHEP_REFUSED. */
  async open(cameraId: string, viewId: string, sdp: string): Promise<{ id: string; answer: string }> {
    const offer = readOffer(sdp);
    const hub = this.#o.hubs.get(cameraId);
    const webRtcServer = this.#relay.server;
    if (this.mbit + mbitOf(hub) > this.#o.config.maxMbit) throw new CodedError('WHEP_REFUSED');
    const id = randomUUID();
    const resource: Resource = { viewId, hub, undo: [] };
    // Counted from now on: the budget holds for viewers that come at the same moment too.
    this.#resources.set(id, resource);
    try {
      // Holds the camera until the feed does.
      const hold = hub.subscribe({ onPicture: () => {} });
      resource.undo.push(() => hold.close());
      const track = await hub.waitForTrack(TRACK_MS);
      if (hub.reorders ?? (parseSps(track.sps).reorderFrames ?? 0) > 0)
        throw new CodedError('CODEC_UNSUPPORTED', 'pictures with B frames do not go by WebRTC');
      const cameraProfile = profileLevelId(track.sps);
      const choice = chooseH264(offer.h264, cameraProfile);
      const { payloadType } = choice;
      const relayRouter = await this.#relay.router(payloadType);
      const transport = await relayRouter.router.createWebRtcTransport({ webRtcServer, iceConsentTimeout: CONSENT_S });
      resource.undo.push(() => transport.close());
      await transport.connect({
        dtlsParameters: { role: 'client', fingerprints: [offer.fingerprint as types.DtlsFingerprint] },
      });
      const { feed, producerId } = await this.#feeds.join(hub, relayRouter, payloadType);
      resource.undo.push(() => this.#feeds.leave(feed));
      const consumer = await transport.consume({
        producerId,
        rtpCapabilities: { codecs: [h264Codec(payloadType)], headerExtensions: [] },
      });
      this.#watch(id, transport, feed);
      // Ended meanwhile, by its session or with the worker.
      if (!this.#resources.has(id)) throw new CodedError('SESSION_INVALID');
      const answer = writeAnswer({
        offer,
        choice,
        cameraProfile,
        sessionId: String(randomInt(1, 2 ** 47)),
        ssrc: consumer.rtpParameters.encodings![0]!.ssrc!,
        cname: consumer.rtpParameters.rtcp?.cname ?? 'shouwang',
        ice: transport.iceParameters,
        candidates: transport.iceCandidates,
        dtls: transport.dtlsParameters,
      });
      return { id, answer };
    } catch (error) {
      this.#end(id, resource);
      throw error;
    }
  }

  /** DELETE of the resource by the session that made it; also when its path broke first, as it does where a viewer hangs up before it says so. Throws NOT_FOUND. */
  end(id: string, viewId: string): void {
    const resource = this.#resources.get(id);
    if (resource?.viewId === viewId) this.#end(id, resource);
    else if (this.#ended.get(id) !== viewId) throw new CodedError('NOT_FOUND');
  }

  /** A view has ended. */
  leave(viewId: string): void {
    for (const [id, resource] of [...this.#resources]) if (resource.viewId === viewId) this.#end(id, resource);
  }

  async close(): Promise<void> {
    this.#endAll();
    this.#relay.close();
  }

  #watch(id: string, transport: types.WebRtcTransport, feed: Feed): void {
    const { clock, log } = this.#o;
    const gone = (why: string) => {
      const resource = this.#resources.get(id);
      if (!resource) return;
      log.debug({ why, camera: resource.hub.cameraId }, 'a WebRTC viewer is gone');
      this.#end(id, resource);
    };
    const cancel: Cancel = clock.after(CONNECT_MS, () => gone('never connected'));
    transport.observer.once('close', () => {
      cancel();
      gone('transport closed');
    });
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected' || state === 'closed') gone(`ICE ${state}`);
    });
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' || state === 'closed') gone(`DTLS ${state}`);
      if (state !== 'connected') return;
      cancel();
      // Only now can the viewer receive: what was sent before would be lost, the key frame first.
      feed.start();
    });
  }

  #endAll(): void {
    for (const [id, resource] of [...this.#resources]) this.#end(id, resource);
  }

  #end(id: string, resource: Resource): void {
    if (this.#resources.delete(id)) this.#ended.set(id, resource.viewId);
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > MAX_ENDED && !oldest.done) this.#ended.delete(oldest.value);
    for (const undo of resource.undo.splice(0).reverse()) undo();
  }
}

function mbitOf(hub: Hub): number {
  return hub.mbit ?? ASSUMED_MBIT;
}
