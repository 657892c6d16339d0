/**
 * A camera by the box's own player: classic HLS in MPEG-TS through `<video src>`, for browsers without Media Source Extensions.
 * It sends no headers, so the address carries a ticket of the session, which dies with it.
 */
import { mediaPaths, type TicketAnswer } from '@shouwang/protocol';
import { codeOf, errorOf } from './answers.ts';
import type { Transport, TransportContext } from './transport.ts';
import { play } from './whep.ts';

const PLAYLIST_TYPES = ['application/vnd.apple.mpegurl', 'application/x-mpegURL', 'audio/mpegurl'];
const H265_TYPE = 'video/mp4; codecs="hvc1.1.6.L93.B0"';
/** The box's player fetches whole segments before it shows one, and is left alone for as long as that may take. */
const RELOAD_MS = 12_000;
const GIVE_UP_MS = 24_000;
/** A player that wants more segments than a stream has at its beginning says the same as one that cannot decode it: it is asked again for so long. */
const BEGINNING_MS = 10_000;
const AGAIN_MS = 1500;
/** MediaError.code: what the source is cannot be played, or could not be fetched (HTML, 4.8.11.1). */
const SOURCE_NOT_SUPPORTED = 4;
const DECODE = 3;

/** Whether this browser has the Media Source Extensions that hls.js needs. */
export function hasMse(): boolean {
  if (typeof window === 'undefined') return false;
  const scope = window as { MediaSource?: unknown; WebKitMediaSource?: unknown; ManagedMediaSource?: unknown };
  return !!(scope.MediaSource || scope.ManagedMediaSource || scope.WebKitMediaSource);
}

/** Whether the box's own player takes a playlist. */
export function playsNatively(video: HTMLVideoElement): boolean {
  return PLAYLIST_TYPES.some((type) => video.canPlayType(type) !== '');
}

/** `?can=`: what this browser decodes. */
export function decodes(video: HTMLVideoElement): 'h264' | 'h265' {
  const scope = typeof window === 'undefined' ? {} : (window as { MediaSource?: { isTypeSupported?(type: string): boolean } });
  const can = scope.MediaSource?.isTypeSupported?.(H265_TYPE) ?? video.canPlayType(H265_TYPE) === 'probably';
  return can ? 'h265' : 'h264';
}

interface DatedVideo extends HTMLVideoElement {
  /** WebKit: what EXT-X-PROGRAM-DATE-TIME says of position 0. */
  getStartDate?(): Date;
}

/**
 * Starts the box's own player. Fails with the node's code, with CODEC_UNSUPPORTED where the player does not take what the node has, with
 * TIMEOUT when it gets no further.
 */
export function startNative(context: TransportContext): Transport {
  const { video, session, timers } = context;
  let closed = false;
  let played = false;
  let address: string | undefined;
  let reloaded = false;
  /** The node has it, and the player does not take it: since then, ms since 1970. */
  let refusedSince: number | undefined;
  let cancelAgain = () => {};

  const fail = (code: Parameters<TransportContext['failed']>[0]) => {
    if (!closed) context.failed(code);
  };

  const load = () => {
    if (closed || !address) return;
    video.src = address;
    video.load();
    play(video);
  };

  // The player says only that it failed. The node says why, if it was the node.
  const explain = () => {
    session.request(`${mediaPaths.ts(session.cameraId)}?can=${decodes(video)}`).then(
      (answer) => (answer.ok ? again() : errorOf(answer).then((error) => fail(error.code))),
      (error) => fail(codeOf(error)),
    );
  };

  const again = () => {
    refusedSince ??= timers.now();
    if (timers.now() - refusedSince >= BEGINNING_MS) return fail('CODEC_UNSUPPORTED');
    cancelAgain();
    cancelAgain = timers.after(AGAIN_MS, load);
  };

  const onError = () => {
    if (closed || !address) return;
    const code = video.error?.code;
    if (code === SOURCE_NOT_SUPPORTED && !played) explain();
    else fail(code === DECODE ? 'INTERNAL' : 'TIMEOUT');
  };
  const onPlaying = () => {
    played = true;
    reloaded = false;
  };
  // A live stream has no end: its epoch is over, and another start finds the next.
  const onEnded = () => fail('TIMEOUT');
  video.addEventListener('error', onError);
  video.addEventListener('playing', onPlaying);
  video.addEventListener('ended', onEnded);

  const open = async () => {
    const answer = await session.request(mediaPaths.ticket, { method: 'POST' });
    if (!answer.ok) throw await errorOf(answer);
    const { ts } = (await answer.json()) as TicketAnswer;
    address = `${session.mediaUrl}${ts}?can=${decodes(video)}`;
    load();
  };
  open().catch((error) => fail(codeOf(error)));

  return {
    kind: 'hls',
    firstFrameMs: GIVE_UP_MS,
    pictureTime: () => {
      const start = (video as DatedVideo).getStartDate?.().getTime();
      return start === undefined || Number.isNaN(start) ? undefined : start + video.currentTime * 1000;
    },
    unstick: (forMs) => {
      if (forMs >= GIVE_UP_MS) return false;
      if (forMs >= RELOAD_MS && !reloaded) {
        reloaded = true;
        load();
      } else if (video.paused) play(video);
      return true;
    },
    close: () => {
      if (closed) return;
      closed = true;
      cancelAgain();
      video.removeEventListener('error', onError);
      video.removeEventListener('playing', onPlaying);
      video.removeEventListener('ended', onEnded);
      video.removeAttribute('src');
      video.load();
    },
  };
}
