/**
 * Shows one camera in one video element and keeps it showing: WHEP first, HLS when WebRTC cannot or may not, back again when
 * HLS cannot either, or when the relay has room. The viewer does nothing, and is always told why no picture moves.
 */
import { type CameraState, type ErrorCode, mediaPaths } from '@shouwang/protocol';
import { isCode, isNoRoom } from './answers.ts';
import { dropHeldFrame, type FrameWatch, holdLastFrame, watchFrames } from './frames.ts';
import { type HlsModule, loadHlsLight, startHls } from './hls.ts';
import { markPicture } from './mark.ts';
import type { SessionHandle } from './session.ts';
import { backoffMs, browserTimers, inTime, type Timers } from './timers.ts';
import type { Transport, TransportContext, TransportKind } from './transport.ts';
import { attach, type PeerConnectionMaker, startWhep } from './whep.ts';

/**
 * `connecting`: no picture yet. `playing`: pictures arrive. `stalled`: the last picture stands, the player is at it.
 * `failed`: it is over; with SESSION_INVALID, SESSION_EXPIRED or GRANT_REVOKED a new grant helps, with CODEC_UNSUPPORTED nothing does.
 */
export type PlayerState = 'connecting' | 'playing' | 'stalled' | 'failed';

export interface PlayerStatus {
  state: PlayerState;
  transport: TransportKind | undefined;
  /** Why it is not playing, as far as known. */
  code?: ErrorCode | undefined;
}

export interface PlayerOptions {
  video: HTMLVideoElement;
  session: SessionHandle;
  /** What to begin with; the other one is still fallen back to. Default `webrtc`. */
  prefer?: TransportKind | undefined;
  /** Which of the camera's streams WebRTC asks for; default: `sub` while the element is small. HLS sees to it by itself. */
  quality?: 'main' | 'sub' | undefined;
  onState: (status: PlayerStatus) => void;
  /** Stand-ins for tests; a browser's own otherwise. `PeerConnection: null` = the box has none. */
  deps?: { timers?: Timers; PeerConnection?: PeerConnectionMaker | null; loadHls?: () => Promise<HlsModule> } | undefined;
}

export interface Player {
  readonly state: PlayerState;
  readonly transport: TransportKind | undefined;
  /** ms since 1970 of the picture on screen, by the camera's side where HLS says so; undefined before the first one. */
  pictureTime(): number | undefined;
  /** Stops, and lets go of the video element. The session stays its owner's, to close. */
  close(): void;
}

/** From the start of a transport to its first frame; then the next is tried. HLS has playlist, init and first segment to fetch. */
const FIRST_FRAME_MS: Record<TransportKind, number> = { webrtc: 3000, hls: 10_000 };
/** Playing this long, earlier failures are forgotten. */
const STEADY_MS = 10_000;
/** After so many failures of HLS in a row WebRTC gets another try. */
const HLS_TURNS = 3;
/** A camera that is away is asked for again this often: it is to be on screen within 5 s of its return. */
const AWAY_MS = 1500;
/** When WebRTC had no room it is tried again after as long as the node said, or this, and up to half as much later. */
const NO_ROOM_MS = 60_000;
/** Phases of a camera from which no picture comes. */
const AWAY: Partial<Record<string, boolean>> = { connecting: true, silent: true, refused: true, down: true };
/** A still picture is asked about this often; a node that does not say by then says nothing. */
const ASK_MS = 2000;
/** CSS pixels; below, the sub-stream shows all that can be seen. */
const SMALL_WIDTH = 480;

export function createPlayer(options: PlayerOptions): Player {
  const { video, session, onState } = options;
  const timers = options.deps?.timers ?? browserTimers;
  const loadHls = options.deps?.loadHls ?? loadHlsLight;
  const PeerConnection = peerConnection(options.deps?.PeerConnection);

  let state: PlayerState = 'connecting';
  let kind: TransportKind | undefined;
  let transport: Transport | undefined;
  let watch: FrameWatch | undefined;
  let closed = false;
  let shown = false;
  let lastTime: number | undefined;
  let failures = 0;
  let hlsFailures = 0;
  let barred: Partial<Record<TransportKind, boolean>> = PeerConnection ? {} : { webrtc: true };
  let cancelRetry: () => void = () => undefined;
  /** WebRTC is not tried again before then, ms since 1970. */
  let noRoomUntil = 0;
  let standby: Transport | undefined;
  let cancelStandby: () => void = () => undefined;

  const tell = (next: PlayerState, code?: ErrorCode) => {
    state = next;
    if (!closed) onState({ state: next, transport: kind, code });
  };

  const release = () => {
    lastTime = pictureTime();
    cancelRetry();
    leaveStandby();
    watch?.stop();
    watch = undefined;
    transport?.close();
    transport = undefined;
  };

  const finish = (code: ErrorCode) => {
    if (closed) return;
    if (transport) holdLastFrame(video, session.cameraId);
    release();
    tell('failed', code);
    shut();
  };

  const quality = (): 'main' | 'sub' => options.quality ?? (video.clientWidth > 0 && video.clientWidth < SMALL_WIDTH ? 'sub' : 'main');

  /** `ready`: a transport that stood by takes over. */
  const start = (next: TransportKind, ready?: (context: TransportContext) => Transport) => {
    kind = next;
    cancelRetry();
    let waitFrom = timers.now();
    let firstFrameAt: number | undefined;
    let over = false;
    let asking = false;
    /** The camera sends nothing: no transport can help it. */
    let away = false;
    const failed = (code: ErrorCode, againMs?: number) => {
      if (over || closed) return;
      over = true;
      if (firstFrameAt !== undefined && timers.now() - firstFrameAt >= STEADY_MS) failures = hlsFailures = 0;
      fallOver(next, code, againMs, firstFrameAt !== undefined);
    };
    /** The relay has lost our path, and is there: as good as it was a moment ago. */
    const openAnew = () => {
      over = true;
      holdLastFrame(video, session.cameraId);
      release();
      tell('stalled', 'TIMEOUT');
      if (!closed) cancelRetry = timers.after(backoffMs(++failures, timers), () => start('webrtc'));
    };
    /** Why does the picture stand? The node knows whether the camera sends, and whether our own path is still open. */
    const ask = () => {
      if (asking) return;
      asking = true;
      askState(session, timers).then((camera) => {
        asking = false;
        if (over || closed || state === 'playing') return;
        away = camera !== undefined && AWAY[camera.phase] === true;
        if (camera && next === 'webrtc' && camera.webrtcPaths === 0) openAnew();
        else if (away) tell('stalled', isCode(camera?.code) ? camera.code : 'CAMERA_OFFLINE');
      });
    };
    tell(shown ? 'stalled' : 'connecting');
    if (closed) return; // By its owner, on hearing this.
    const context: TransportContext = { video, session, timers, quality: quality(), failed };
    watch = watchFrames(video, timers, {
      onFrame: () => {
        if (over || closed) return;
        firstFrameAt ??= timers.now();
        shown = true;
        away = false;
        tell('playing');
      },
      onStill: (forMs) => {
        if (over || closed) return;
        if (firstFrameAt === undefined) {
          // The relay's answer has its own limit; the frame's begins when WHEP is answered (a stream is attached).
          if (next === 'webrtc' && !video.srcObject) waitFrom = timers.now();
          if (timers.now() - waitFrom >= (transport?.firstFrameMs ?? FIRST_FRAME_MS[next])) failed('TIMEOUT');
          return;
        }
        if (forMs < 2000) return;
        if (state === 'playing') tell('stalled');
        ask();
        if (!away && !transport?.unstick(forMs)) failed('TIMEOUT');
      },
    });
    try {
      transport = ready?.(context) ?? (next === 'webrtc' ? startWhep(context, PeerConnection!) : startHls(context, loadHls));
      if (next === 'hls') standLater();
    } catch {
      failed('INTERNAL'); // A browser that has WebRTC switched off throws from its constructor.
    }
  };

  const fallOver = (from: TransportKind, code: ErrorCode, againMs: number | undefined, played: boolean) => {
    holdLastFrame(video, session.cameraId);
    release();
    if (session.ended) return finish(session.ended);
    failures++;
    if (from === 'hls') hlsFailures++;
    if (code === 'CODEC_UNSUPPORTED') barred = { ...barred, [from]: true };
    if (barred.webrtc && barred.hls) return finish('CODEC_UNSUPPORTED');
    // A path that broke may be mended one day, as may one for which there was no room; one that never stood is not worth the trouble.
    if (from === 'webrtc' && (isNoRoom(code) || played)) noRoom(isNoRoom(code) ? againMs : NO_ROOM_MS);
    tell(shown ? 'stalled' : 'connecting', code);
    if (closed) return;
    const next = choose(from, code);
    // The first change of transport costs no waiting; after that a struggling node is given room.
    if (next !== from && failures === 1) start(next);
    else {
      const ms = backoffMs(failures, timers);
      cancelRetry = timers.after(code === 'CAMERA_OFFLINE' ? Math.min(AWAY_MS, ms) : ms, () => start(next));
    }
  };

  const choose = (from: TransportKind, code: ErrorCode): TransportKind => {
    if (barred.hls) return 'webrtc';
    const hasRoom = !barred.webrtc && timers.now() >= noRoomUntil;
    // The camera's trouble, not the transport's: the quicker way is as good as it was.
    if (code === 'CAMERA_OFFLINE') return hasRoom && options.prefer !== 'hls' ? 'webrtc' : from;
    if (!hasRoom || from === 'webrtc') return 'hls';
    return options.prefer === 'hls' && hlsFailures === 1 ? 'webrtc' : hlsFailures % HLS_TURNS === 0 ? 'webrtc' : 'hls';
  };

  /** Dice, so that a village does not come back in step. */
  const noRoom = (againMs = NO_ROOM_MS) => {
    noRoomUntil = timers.now() + againMs * (1 + timers.random() / 2);
  };

  /** While HLS plays in place of WebRTC: a second connection is tried beside it, and takes over only once its pictures come. */
  const standLater = () => {
    cancelStandby();
    if (noRoomUntil === 0 || barred.webrtc || !PeerConnection) return;
    cancelStandby = timers.after(Math.max(1000, noRoomUntil - timers.now()), () => {
      if (state !== 'playing') return standLater();
      let takeOver: TransportContext['failed'] | undefined;
      const failed = (code: ErrorCode, againMs?: number) => {
        if (takeOver) return takeOver(code, againMs);
        leaveStandby();
        if (session.ended) return;
        if (code === 'CODEC_UNSUPPORTED') barred = { ...barred, webrtc: true };
        noRoom(isNoRoom(code) ? againMs : NO_ROOM_MS);
        standLater();
      };
      const path = startWhep({ video, session, timers, quality: quality(), failed }, PeerConnection, (stream) => {
        standby = undefined;
        holdLastFrame(video, session.cameraId);
        release();
        noRoomUntil = 0;
        start('webrtc', (context) => {
          takeOver = context.failed;
          attach(video, stream);
          return path;
        });
        if (closed) path.close(); // By its owner, on hearing of the change.
      });
      standby = path;
    });
  };

  const leaveStandby = () => {
    cancelStandby();
    standby?.close();
    standby = undefined;
  };

  const pictureTime = (): number | undefined => {
    if (state === 'failed' || !transport || !watch?.lastFrameAt()) return lastTime;
    if (transport.kind === 'webrtc' && (watch.exact || state !== 'playing')) return watch.lastFrameAt();
    return transport.pictureTime() ?? lastTime;
  };

  /** The network is back: no use in waiting for the rest of a back-off. */
  const onOnline = () => {
    if (!transport && !closed && kind) start(kind);
  };

  const shut = () => {
    closed = true;
    stopListening();
    if (typeof window !== 'undefined') window.removeEventListener('online', onOnline);
  };

  const stopListening = session.onEnd(finish);
  if (typeof window !== 'undefined') window.addEventListener('online', onOnline);
  const unmark = markPicture(video, session.viewer, timers);
  dropHeldFrame(video, session.cameraId);
  if (session.ended) finish(session.ended);
  else start(options.prefer === 'hls' || barred.webrtc ? 'hls' : 'webrtc');

  return {
    get state() {
      return state;
    },
    get transport() {
      return kind;
    },
    pictureTime,
    close: () => {
      if (!closed) {
        shut();
        release();
      }
      unmark();
      dropHeldFrame(video);
    },
  };
}

/** What the node says of the camera; undefined when it does not say. */
function askState(session: SessionHandle, timers: Timers): Promise<CameraState | undefined> {
  const asked = session.request(mediaPaths.state(session.cameraId)).then((answer) => (answer.ok ? answer.json() : undefined));
  return inTime(timers, ASK_MS, asked).then(
    (body) => body as CameraState | undefined,
    () => undefined,
  );
}

function peerConnection(given: PeerConnectionMaker | null | undefined): PeerConnectionMaker | undefined {
  if (given !== undefined) return given ?? undefined;
  const maker = typeof RTCPeerConnection === 'function' ? RTCPeerConnection : undefined;
  // Plan-B browsers (Chromium below 69) have no transceivers and could not say "receive only".
  return maker && 'addTransceiver' in maker.prototype ? maker : undefined;
}
