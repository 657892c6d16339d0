/** Hop Ⓒ by WebRTC: WHEP resources, admitted by a budget of bits and the workers' load, closed with their session or their path. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { CodedError } from '@shouwang/protocol';
import type { types } from 'mediasoup';
import { WebRtcBudget } from '../../admission/webrtc-budget.ts';
import type { MediaConfig } from '../../config.ts';
import type { Hub, Quality } from '../../hub/hub.ts';
import type { AccessUnit, VideoTrack } from '../../ingest/access-unit.ts';
import { parseSps, profileLevelId } from '../../ingest/h264/sps.ts';
import { type Cancel, type Clock, within } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { threadUse } from '../../lib/thread-use.ts';
import type { Shown } from '../../masks/shown.ts';
import { fitsLane } from '../hls/audio-lane.ts';
import { writeAnswer } from './answer.ts';
import { G711, type PayloadTypes, type SoundChoice, taking } from './codecs.ts';
import { Feeds, type Seat } from './feeds.ts';
import { chooseH264, type Offer, readOffer } from './offer.ts';
import { Relay } from './relay.ts';
import type { RelayRouter, RelayWorker } from './relay-worker.ts';
import { readFragment, writeFragment } from './sdp-fragment.ts';

export interface WhepOptions {
  config: MediaConfig['webrtc'];
  shown: Pick<Shown, 'hub'>;
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  /** H.265 as H.264, in the transcodes' budget; absent: H.265 does not go by WebRTC. */
  transcode?: ((hub: Hub) => Hub) | undefined;
  /** Makes AAC sound into Opus; absent: no sound of such cameras. */
  ffmpeg?: string | undefined;
  /** So many bytes were handed out for a view; told when a path ends. */
  onBytes?: (viewId: string, bytes: number) => void;
}

export interface WhepWish {
  cameraId: string;
  viewId: string;
  /** Without the camera's masks. */
  unmasked?: boolean;
  sdp: string;
  quality?: Quality;
}

export interface WhepAnswer {
  id: string;
  sdp: string;
  etag: string;
}

interface Resource {
  viewId: string;
  hub: Hub;
  worker: RelayWorker;
  /** The camera's own; undefined while it is not known. */
  codec?: VideoTrack['codec'];
  /** It was ended because its pictures turned out to be others. */
  unfit?: CodedError;
  /** Names the ICE session (draft-ietf-wish-whep, HTTP PATCH request usage). */
  etag: string;
  offer: Offer;
  transport?: types.WebRtcTransport;
  seats: Seat[];
  /** Undo, in the order of doing. */
  undo: (() => void)[];
  ended: boolean;
}

/** A camera that nobody watched has to be connected to first. */
const TRACK_MS = 4000;
/** Sound that a camera is known to send may take longer to be described than its pictures, and they do not wait for it any longer. */
const SOUND_MS = 1000;
/** For the worker to do its part; who has waited so long takes HLS. A player waits a little longer than this. */
const WORKER_MS = 4000;
/** From the answer to DTLS; then the viewer is taken for gone. */
const CONNECT_MS = 15_000;
/** ICE consent (RFC 7675): without a sign of life for so long the path is dead. */
const CONSENT_S = 15;
/** What a camera is taken to send while it has not been measured. */
const ASSUMED_MBIT = { main: 4, sub: 0.6 };
/** Of one view at once: the one that plays, and the one that is to take its place. */
const PATHS_PER_VIEW = 2;
const MAX_ENDED = 1000;

export class Whep {
  readonly #o: WhepOptions;
  readonly #relay: Relay;
  readonly #feeds: Feeds;
  readonly #budget: WebRtcBudget<RelayWorker>;
  readonly #resources = new Map<string, Resource>();
  /** Resource → view, of the latest that ended. */
  readonly #ended = new Map<string, string>();

  constructor(options: WhepOptions) {
    this.#o = options;
    const { config, clock, log, env } = options;
    this.#feeds = new Feeds({ clock, ownFeeds: config.ownFeeds, threadUse: threadUse(clock), ffmpeg: options.ffmpeg });
    this.#budget = new WebRtcBudget(config);
    this.#relay = new Relay({ config, clock, log, env, onDied: (worker) => this.#endAll((r) => r.worker === worker) });
  }

  get viewers(): number {
    return this.#resources.size;
  }

  /** What goes out now, Mbit/s, by the cameras' measured rates. */
  get mbit(): number {
    return this.#load();
  }

  get workerState(): string {
    return this.#relay.state;
  }

  /** Processes that run; for the operator. */
  get workers(): { pid: number | undefined; percent: number; mbit: number; late: boolean }[] {
    return this.#relay.workers.map((w) => ({ pid: w.pid, percent: Math.round(w.percent), mbit: this.#load(w), late: w.late }));
  }

  start(): Promise<{ udp: string[]; tcp: string[] } | null> {
    return this.#relay.start();
  }

  /** Answers an offer. Throws BAD_PAYLOAD, OFFER_UNUSABLE, CODEC_UNSUPPORTED, TRANSCODE_BUDGET, CAMERA_OFFLINE, WHEP_REFUSED, WEBRTC_FULL. */
  async open({ cameraId, viewId, unmasked = false, sdp, quality = 'main' }: WhepWish): Promise<WhepAnswer> {
    const offer = readOffer(sdp);
    this.#relay.requireUp();
    const hub = this.#o.shown.hub(cameraId, quality, { unmasked });
    this.#makeRoom(viewId);
    const worker = this.#budget.place(this.#relay.workers, (w) => this.#load(w), mbitOf(hub), this.#feeds.home(hub));
    const { pid } = worker;
    const id = randomUUID();
    const resource: Resource = { viewId, hub, worker, etag: newEtag(), offer, seats: [], undo: [], ended: false };
    // Counted from now on: the budget holds for viewers that come at the same moment too.
    this.#resources.set(id, resource);
    try {
      // Holds the camera until the feed does.
      const hold = hub.subscribe({ onPicture: (picture) => this.#stillGoes(id, resource, picture) });
      resource.undo.push(() => hold.close());
      const track = await this.#playable(resource);
      if (offer.audio) await resource.hub.waitForSound(SOUND_MS);
      const cameraProfile = profileLevelId(track.sps);
      const answer = await within(this.#o.clock, WORKER_MS, this.#negotiate(id, resource, cameraProfile), slow);
      // Ended meanwhile, by its session or with the worker.
      if (resource.ended) throw new CodedError('SESSION_INVALID');
      return { id, sdp: answer, etag: resource.etag };
    } catch (error) {
      this.#end(id, resource);
      if (resource.unfit) throw resource.unfit;
      if (worker.pid !== pid && !(error instanceof CodedError))
        throw new CodedError('WHEP_REFUSED', 'the worker died meanwhile', { cause: error });
      throw error;
    }
  }

  /**
   * What goes out: the camera's own pictures, or what is made of H.265. Pictures with B frames go by HLS as they are, which costs nothing.
   * Throws CAMERA_OFFLINE, TRANSCODE_BUDGET, CODEC_UNSUPPORTED.
   */
  async #playable(resource: Resource): Promise<VideoTrack> {
    const { hub } = resource;
    const track = await hub.waitForTrack(TRACK_MS);
    resource.codec = track.codec;
    if (track.codec === 'h264') {
      if (hub.reorders ?? (parseSps(track.sps).reorderFrames ?? 0) > 0) throw unfit();
      return track;
    }
    if (!this.#o.transcode) throw new CodedError('CODEC_UNSUPPORTED', 'only H.264 goes by WebRTC');
    resource.hub = this.#o.transcode(hub);
    const hold = resource.hub.subscribe({ onPicture: () => {} });
    resource.undo.push(() => hold.close());
    return resource.hub.waitForTrack(TRACK_MS);
  }

  /** A camera may begin to send other pictures, or show only later that it has B frames: its viewers are sent away, and told why when they ask again. */
  #stillGoes(id: string, resource: Resource, { track }: AccessUnit): void {
    const { codec, hub } = resource;
    if (codec === undefined || (track.codec === codec && (codec !== 'h264' || !hub.reorders))) return;
    resource.unfit = unfit();
    this.#o.log.info({ camera: hub.cameraId, codec: track.codec }, 'the pictures do not go by WebRTC as they did');
    this.#end(id, resource);
  }

  /** Whether the view has such a resource. Throws NOT_FOUND. */
  find(id: string, viewId: string): { etag: string } {
    const resource = this.#resources.get(id);
    if (resource?.viewId !== viewId) throw new CodedError('NOT_FOUND');
    return resource;
  }

  /**
   * PATCH: candidates of the viewer, or an ICE restart, which is answered with the relay's new credentials and a new entity tag.
   * Throws NOT_FOUND, BAD_PAYLOAD, OFFER_UNUSABLE for a section that was not answered; the resource stays as it was.
   */
  async patch(id: string, viewId: string, text: string): Promise<{ sdp: string; etag: string } | undefined> {
    const resource = this.#resources.get(id);
    if (resource?.viewId !== viewId || !resource.transport) throw new CodedError('NOT_FOUND');
    const { ufrag, pwd, mids } = readFragment(text);
    const { offer, transport } = resource;
    const media = offer.media[offer.path]!;
    const known = offer.media.map((m) => m.mid);
    if (mids.some((mid) => !known.includes(mid))) throw new CodedError('OFFER_UNUSABLE', 'a media section that was not offered');
    // An ice-lite agent learns where the viewer is from its connectivity checks (RFC 8445, 7.3.1.4): candidates tell it nothing.
    if (ufrag === offer.ice.ufrag && pwd === offer.ice.pwd) return undefined;
    const ice = await within(this.#o.clock, WORKER_MS, transport.restartIce(), slow);
    offer.ice = { ufrag, pwd };
    resource.etag = newEtag();
    return { sdp: writeFragment({ media, ice, candidates: transport.iceCandidates }), etag: resource.etag };
  }

  /** DELETE of the resource by the session that made it; also when its path broke first, as it does where a viewer hangs up before it says so. Throws NOT_FOUND. */
  end(id: string, viewId: string): void {
    const resource = this.#resources.get(id);
    if (resource?.viewId === viewId) this.#end(id, resource);
    else if (this.#ended.get(id) !== viewId) throw new CodedError('NOT_FOUND');
  }

  /** A view has ended. */
  leave(viewId: string): void {
    this.#endAll((r) => r.viewId === viewId);
  }

  /** How many paths of a view are open. */
  paths(viewId: string): number {
    return this.#of(viewId).length;
  }

  async close(): Promise<void> {
    this.#endAll(() => true);
    this.#relay.close();
  }

  async #negotiate(id: string, resource: Resource, cameraProfile: string): Promise<string> {
    const { offer, hub } = resource;
    const choice = chooseH264(offer.h264, cameraProfile);
    const heard = soundFor(hub, offer, this.#o.ffmpeg !== undefined);
    const types = { h264: choice.payloadType, opus: heard?.codec === 'opus' ? heard.payloadType : undefined };
    const { transport, at } = await this.#connect(resource, types);
    const consume = async (joining: Promise<Seat>) => {
      const seat = await joining;
      resource.seats.push(seat);
      whenEnded(resource, () => seat.leave());
      return transport.consume({
        producerId: seat.producerId,
        rtpCapabilities: taking(types, offer),
        // Lost packets are sent again, as the answer says; there is no RTX codec (RFC 4588), so they go as they were.
        enableRtx: true,
      });
    };
    const pictures = await consume(this.#feeds.join(hub, at, choice.payloadType));
    // Where they come through a pipe from another worker, and that one died.
    pictures.once('producerclose', () => this.#end(id, resource));
    const sound = heard && (await consume(this.#feeds.joinSound(hub, at, heard)));
    this.#watch(id, transport, resource);
    return writeAnswer({
      offer,
      choice,
      cameraProfile,
      sessionId: String(randomInt(1, 2 ** 47)),
      ssrc: pictures.rtpParameters.encodings![0]!.ssrc!,
      cname: pictures.rtpParameters.rtcp?.cname ?? 'shouwang',
      sound: sound && { index: offer.audio!.index, choice: heard!, ssrc: sound.rtpParameters.encodings![0]!.ssrc! },
      ice: transport.iceParameters,
      candidates: transport.iceCandidates,
      dtls: transport.dtlsParameters,
    });
  }

  async #connect(resource: Resource, payloadTypes: PayloadTypes): Promise<{ transport: types.WebRtcTransport; at: RelayRouter }> {
    const { worker, offer } = resource;
    const at = await worker.router(payloadTypes);
    const transport = await at.router.createWebRtcTransport({ webRtcServer: worker.server, iceConsentTimeout: CONSENT_S });
    resource.transport = transport;
    whenEnded(resource, () => transport.close());
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [offer.fingerprint as types.DtlsFingerprint] } });
    return { transport, at };
  }

  #watch(id: string, transport: types.WebRtcTransport, resource: Resource): void {
    const { clock, log } = this.#o;
    const gone = (why: string) => {
      if (this.#resources.get(id) !== resource) return;
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
      for (const seat of resource.seats) seat.start();
    });
  }

  #load(worker?: RelayWorker): number {
    return [...this.#resources.values()].reduce((sum, r) => sum + (worker && r.worker !== worker ? 0 : mbitOf(r.hub)), 0);
  }

  #of(viewId: string): [string, Resource][] {
    return [...this.#resources].filter(([, r]) => r.viewId === viewId);
  }

  /** A player that begins anew may not have said goodbye: its oldest path gives way. */
  #makeRoom(viewId: string): void {
    const mine = this.#of(viewId);
    for (const [id, resource] of mine.slice(0, Math.max(0, mine.length + 1 - PATHS_PER_VIEW))) this.#end(id, resource);
  }

  #endAll(which: (resource: Resource) => boolean): void {
    for (const [id, resource] of [...this.#resources]) if (which(resource)) this.#end(id, resource);
  }

  #end(id: string, resource: Resource): void {
    if (this.#resources.delete(id)) this.#ended.set(id, resource.viewId);
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > MAX_ENDED && !oldest.done) this.#ended.delete(oldest.value);
    const bytes = resource.seats.splice(0).reduce((sum, seat) => sum + seat.bytes(), 0);
    if (bytes > 0) this.#o.onBytes?.(resource.viewId, bytes);
    resource.ended = true;
    for (const undo of resource.undo.splice(0).reverse()) undo();
  }
}

function unfit(): CodedError {
  return new CodedError('CODEC_UNSUPPORTED', 'only H.264 without B frames goes by WebRTC as it is');
}

function slow(): CodedError {
  return new CodedError('WEBRTC_FULL', 'the worker does not answer in time');
}

/** At once where it has ended meanwhile: what a worker gives after its time belongs to nobody. */
function whenEnded(resource: Resource, undo: () => void): void {
  if (resource.ended) undo();
  else resource.undo.push(undo);
}

/** G.711 as it is, AAC as Opus, where the viewer takes that; none where the camera has no sound. */
function soundFor({ audioTrack: track }: Hub, { audio }: Offer, canEncode: boolean): SoundChoice | undefined {
  if (!track || !audio) return undefined;
  if (track.codec === 'aac') {
    const opus = canEncode && fitsLane(track) ? audio.opus : undefined;
    return opus === undefined ? undefined : { codec: 'opus', payloadType: opus };
  }
  if (track.channels !== 1 || track.sampleRate !== 8000 || !audio.codecs.includes(track.codec)) return undefined;
  return { codec: track.codec, payloadType: G711[track.codec].payloadType };
}

function mbitOf(hub: Hub): number {
  return hub.mbit ?? ASSUMED_MBIT[hub.quality];
}

function newEtag(): string {
  return `"${randomBytes(12).toString('hex')}"`;
}
