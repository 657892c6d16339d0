/**
 * Shows one camera in one video element and keeps it showing: WHEP first, HLS when WebRTC cannot or may not, back again when
 * HLS cannot either. The viewer does nothing.
 */
import type { ErrorCode } from '@shouwang/protocol';
import { dropHeldFrame, type FrameWatch, holdLastFrame, watchFrames } from './frames.ts';
import { type HlsModule, loadHlsLight, startHls } from './hls.ts';
import type { SessionHandle } from './session.ts';
import { backoffMs, browserTimers, type Timers } from './timers.ts';
import type { Transport, TransportContext, TransportKind } from './transport.ts';
import { type PeerConnectionMaker, startWhep } from './whep.ts';

/**
 * `connecting`: no picture yet. `playing`: pictures arrive. `stalled`: the last picture stands, the player is at it.
 * `failed`: it is over; with SESSION_INVALID a new grant helps, with CODEC_UNSUPPORTED nothing does.
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

  const tell = (next: PlayerState, code?: ErrorCode) => {
    state = next;
    if (!closed) onState({ state: next, transport: kind, code });
  };

  const release = () => {
    lastTime = pictureTime();
    cancelRetry();
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

  const start = (next: TransportKind) => {
    kind = next;
    cancelRetry();
    let waitFrom = timers.now();
    let firstFrameAt: number | undefined;
    let over = false;
    const failed = (code: ErrorCode) => {
      if (over || closed) return;
      over = true;
      if (firstFrameAt !== undefined && timers.now() - firstFrameAt >= STEADY_MS) failures = hlsFailures = 0;
      fallOver(next, code);
    };
    tell(shown ? 'stalled' : 'connecting');
    if (closed) return; // By its owner, on hearing this.
    const context: TransportContext = { video, session, timers, failed };
    watch = watchFrames(video, timers, {
      onFrame: () => {
        if (over || closed) return;
        firstFrameAt ??= timers.now();
        shown = true;
        tell('playing');
      },
      onStill: (forMs) => {
        if (over || closed) return;
        if (firstFrameAt === undefined) {
          // The relay's answer has its own limit; the frame's begins when WHEP is answered (a stream is attached).
          if (next === 'webrtc' && !video.srcObject) waitFrom = timers.now();
          if (timers.now() - waitFrom >= FIRST_FRAME_MS[next]) failed('TIMEOUT');
          return;
        }
        if (forMs < 2000) return;
        if (state === 'playing') tell('stalled');
        if (!transport?.unstick(forMs)) failed('TIMEOUT');
      },
    });
    try {
      transport = next === 'webrtc' ? startWhep(context, PeerConnection!) : startHls(context, loadHls);
    } catch {
      failed('INTERNAL'); // A browser that has WebRTC switched off throws from its constructor.
    }
  };

  const fallOver = (from: TransportKind, code: ErrorCode) => {
    holdLastFrame(video, session.cameraId);
    release();
    if (session.ended) return finish(session.ended);
    failures++;
    if (from === 'hls') hlsFailures++;
    if (code === 'CODEC_UNSUPPORTED') barred = { ...barred, [from]: true };
    if (barred.webrtc && barred.hls) return finish('CODEC_UNSUPPORTED');
    tell(shown ? 'stalled' : 'connecting', code);
    if (closed) return;
    const next = choose(from);
    // The first change of transport costs no waiting; after that a struggling node is given room.
    if (next !== from && failures === 1) start(next);
    else cancelRetry = timers.after(backoffMs(failures, timers), () => start(next));
  };

  const choose = (from: TransportKind): TransportKind => {
    if (barred.hls) return 'webrtc';
    if (barred.webrtc || from === 'webrtc') return 'hls';
    return options.prefer === 'hls' && hlsFailures === 1 ? 'webrtc' : hlsFailures % HLS_TURNS === 0 ? 'webrtc' : 'hls';
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
      dropHeldFrame(video);
    },
  };
}

function peerConnection(given: PeerConnectionMaker | null | undefined): PeerConnectionMaker | undefined {
  if (given !== undefined) return given ?? undefined;
  const maker = typeof RTCPeerConnection === 'function' ? RTCPeerConnection : undefined;
  // Plan-B browsers (Chromium below 69) have no transceivers and could not say "receive only".
  return maker && 'addTransceiver' in maker.prototype ? maker : undefined;
}
