/// <reference path="./hls-light.d.ts" />
/** A camera by HLS, with hls.js loaded when it is first needed, or by the box's own player where hls.js cannot work. */
import { mediaPaths } from '@shouwang/protocol';
import type Hls from 'hls.js/light';
import type { ErrorData, HlsConfig } from 'hls.js/light';
import { errorOf } from './answers.ts';
import { createPace, START_S } from './hls-pace.ts';
import { decodes, hasMse, playsNatively, startNative } from './native.ts';
import type { Transport, TransportContext } from './transport.ts';
import { play } from './whep.ts';

export type HlsModule = typeof import('hls.js/light');

/** Fetches hls.js/light; a bundler makes it a chunk of its own. */
export const loadHlsLight = (): Promise<HlsModule> => import('hls.js/light');

/** Small buffers for small boxes, and the live-edge settings that stalled least. */
export const HLS_SETTINGS: Partial<HlsConfig> = {
  enableWorker: false,
  lowLatencyMode: true,
  maxBufferLength: 8,
  maxMaxBufferLength: 12,
  maxBufferSize: 12e6,
  backBufferLength: 4,
  frontBufferFlushThreshold: 12,
  capLevelToPlayerSize: true,
  // Distance and rate are seen to here (hls-pace.ts).
  liveSyncDuration: START_S,
  liveSyncOnStallIncrease: 0,
  maxLiveSyncPlaybackRate: 1,
};

/** How often a decoder may be recovered before the whole stream is opened anew. */
const MEDIA_RECOVERIES = 2;

/**
 * Starts HLS. Fails with CODEC_UNSUPPORTED where the browser has no MSE for it, with the node's code, or with TIMEOUT; SESSION_INVALID
 * goes to the session instead.
 */
export function startHls(context: TransportContext, load: () => Promise<HlsModule>): Transport {
  const { video, session, timers } = context;
  if (!hasMse() && playsNatively(video)) return startNative(context);
  let hls: Hls | undefined;
  let closed = false;
  let mediaRecoveries = 0;
  let networkRestarts = 0;
  let starved = false;
  const pace = createPace();

  const fail = (code: Parameters<TransportContext['failed']>[0]) => {
    if (!closed) context.failed(code);
  };

  const close = () => {
    if (closed) return;
    closed = true;
    hls?.destroy();
    hls = undefined;
    video.playbackRate = 1;
    video.removeAttribute('src');
    video.load();
  };

  const seek = (to: number | null | undefined) => {
    if (to !== undefined && to !== null && Number.isFinite(to)) video.currentTime = to;
  };

  // After a starvation hls.js would stay at the very edge with an empty buffer and stall again and again. It goes back to where
  // there is something ahead, but only once something new has come: else the last second would be shown over and over.
  const onBuffered = (partStart: number | undefined) => {
    networkRestarts = 0;
    if (starved) seek(hls?.liveSyncPosition);
    else if (partStart !== undefined) keepPace(partStart);
    starved = false;
  };

  const keepPace = (partStart: number) => {
    const nearest = hls?.latestLevelDetails?.partHoldBack;
    if (!hls || !nearest || !hls.latency) return;
    const rate = pace.arrived(partStart - video.currentTime, hls.latency, nearest, timers.now());
    if (hls.targetLatency !== pace.distanceS) hls.targetLatency = pace.distanceS;
    if (video.playbackRate !== rate) video.playbackRate = rate;
  };

  const open = (module: HlsModule) => {
    if (closed) return;
    const HlsPlayer = module.default;
    if (!HlsPlayer.isSupported()) return fail('CODEC_UNSUPPORTED');
    hls = new HlsPlayer({ ...HLS_SETTINGS, xhrSetup: (xhr, url) => authorise(xhr, url, session) });
    hls.on(module.Events.ERROR, (_event, data) => onError(module, data));
    hls.on(module.Events.MANIFEST_PARSED, () => play(video));
    hls.on(module.Events.FRAG_BUFFERED, (_event, { part }) => onBuffered(part?.start));
    hls.attachMedia(video);
    hls.loadSource(`${session.mediaUrl}${mediaPaths.hls(session.cameraId)}?can=${decodes(video)}`);
  };

  /** Why, the body says; one that was asked for as bytes has no text and throws (XHR, `responseText`). */
  const refused = (status: number, request: unknown) => {
    const json = async (): Promise<unknown> => JSON.parse((request as XMLHttpRequest).responseText);
    errorOf({ status, json }).then(({ code }) => fail(code));
  };

  const onError = (module: HlsModule, data: ErrorData) => {
    if (closed) return;
    if (data.response?.code === 401) {
      session.invalidate();
      return fail('SESSION_INVALID');
    }
    if (data.details === module.ErrorDetails.BUFFER_STALLED_ERROR && !starved) {
      starved = true;
      pace.starved(hls?.latency ?? 0);
      if (hls) hls.targetLatency = pace.distanceS;
    }
    if (!data.fatal) return;
    const status = data.response?.code;
    if (data.type === module.ErrorTypes.NETWORK_ERROR) {
      // No playlist: the camera is away, or started a new epoch under another address. Only a new start finds it.
      const noPlaylist = data.details.indexOf('manifest') === 0 || data.details.indexOf('level') === 0 || status === 404;
      if (noPlaylist || ++networkRestarts > 2) return status ? refused(status, data.networkDetails) : fail('TIMEOUT');
      return hls?.startLoad();
    }
    if (data.details === module.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return fail('CODEC_UNSUPPORTED');
    if (data.type === module.ErrorTypes.MEDIA_ERROR && ++mediaRecoveries <= MEDIA_RECOVERIES) {
      hls?.recoverMediaError();
      return play(video);
    }
    fail('INTERNAL');
  };

  load().then(open, () => fail('TIMEOUT'));

  return {
    kind: 'hls',
    // By EXT-X-PROGRAM-DATE-TIME.
    pictureTime: () => hls?.playingDate?.getTime(),
    unstick: (forMs) => {
      if (forMs >= 8000) return false;
      if (forMs >= 4000) hls?.startLoad();
      const edge = hls?.liveSyncPosition;
      if (edge && edge > video.currentTime) seek(edge);
      else starved = true;
      if (video.paused) play(video);
      return true;
    },
    close,
  };
}

/** hls.js calls this before it opens the request; the bearer goes to the session's own node only. */
function authorise(xhr: XMLHttpRequest, url: string, session: TransportContext['session']): void {
  if (url.indexOf(`${session.mediaUrl}/`) !== 0) return;
  if (!xhr.readyState) xhr.open('GET', url, true);
  xhr.setRequestHeader('Authorization', `Bearer ${session.session}`);
}
