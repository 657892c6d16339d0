/** What runs in the browser: a video element, the three ways to fill it, and a look at every picture that it shows. */
import Hls from 'hls.js';
import { createPlayer, openSession, type Player, type TransportKind } from '../../../../player/src/index.ts';
import { CLOCK } from '../../../harness/media/clock-picture.ts';

export interface Watched {
  /** From the picture's own time to its being seen here, ms. */
  glassMs: number[];
  /** Times that one picture stood for longer than `STALL_MS`. */
  stalls: number;
}

export interface BenchPage {
  shouwang(grant: { token: string; mediaUrl: string; cameraId: string }, prefer: TransportKind): Promise<void>;
  janus(offer: string): Promise<string>;
  hls(url: string): Promise<void>;
  /** ms from the call of one of the above to the first picture. */
  firstPicture(): Promise<number>;
  watch(ms: number): Promise<Watched>;
  transport(): TransportKind | undefined;
  stops(): Promise<void>;
}

/** A picture that stands for so long is seen to stand. */
const STALL_MS = 500;
const LOWEST = 2 ** CLOCK.bits;

const video = document.querySelector('video') as HTMLVideoElement;
const canvas = document.createElement('canvas');
canvas.width = CLOCK.width;
canvas.height = 1;
const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;

let first: Promise<number> = Promise.reject(new Error('nothing was started'));
first.catch(() => undefined);
let player: Player | undefined;
let ends: (() => unknown)[] = [];

/** From now to the next picture. */
function starts(): void {
  const startedAt = performance.now();
  first = new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(performance.now() - startedAt)));
}

function plays(): Promise<void> {
  video.muted = true;
  return video.play().catch(() => undefined);
}

const bench: BenchPage = {
  async shouwang({ token, mediaUrl, cameraId }, prefer) {
    starts();
    const session = await openSession({ token, mediaUrl, cameraId, expiresAt: Date.now() + 60_000 } as Parameters<typeof openSession>[0]);
    player = createPlayer({ video, session, prefer, onState: () => undefined });
    ends = [() => player?.close(), () => session.close()];
  },

  async janus(offer) {
    starts();
    const peer = new RTCPeerConnection();
    ends = [() => peer.close(), () => (video.srcObject = null)];
    peer.ontrack = ({ streams, track }) => {
      video.srcObject = streams[0] ?? new MediaStream([track]);
      void plays();
    };
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    await new Promise<void>((resolve) => {
      const done = () => peer.iceGatheringState === 'complete' && resolve();
      peer.onicegatheringstatechange = done;
      done();
    });
    return peer.localDescription?.sdp ?? '';
  },

  async hls(url) {
    starts();
    // As near to live as it goes with segments of two seconds.
    const hls = new Hls({ liveSyncDurationCount: 1 });
    ends = [() => hls.destroy()];
    hls.loadSource(url);
    hls.attachMedia(video);
    hls.on(Hls.Events.MANIFEST_PARSED, () => void plays());
  },

  firstPicture: () => first,

  watch(ms) {
    const watched: Watched = { glassMs: [], stalls: 0 };
    const end = performance.now() + ms;
    let lastAt = performance.now();
    return new Promise((resolve) => {
      const stands = () => {
        if (performance.now() - lastAt > STALL_MS) watched.stalls++;
        lastAt = performance.now();
      };
      setTimeout(() => {
        stands();
        resolve(watched);
      }, ms);
      const look = () => {
        if (performance.now() > end) return;
        stands();
        const shownAt = readClock();
        // Modulo the bits there are.
        if (shownAt !== undefined) watched.glassMs.push((((Date.now() - shownAt) % LOWEST) + LOWEST) % LOWEST);
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    });
  },

  transport: () => player?.transport,

  async stops() {
    for (const end of ends.splice(0)) await end();
    player = undefined;
  },
};

/** The instant that the picture on screen shows; undefined where its sum does not fit. */
function readClock(): number | undefined {
  const { width, cell, bits } = CLOCK;
  context.drawImage(video, 0, cell / 2, width, 1, 0, 0, width, 1);
  const { data } = context.getImageData(0, 0, width, 1);
  let value = 0;
  let sum = 0;
  for (let i = 0; i < bits + 8; i++) {
    const bit = data[(i * cell + cell / 2) * 4]! > 128 ? 1 : 0;
    if (i < bits) value = value * 2 + bit;
    else sum = sum * 2 + bit;
  }
  return sum === ((value & 0xff) ^ ((value >> 8) & 0xff) ^ ((value >> 16) & 0xff)) ? value : undefined;
}

Object.assign(window, { bench: () => bench });
