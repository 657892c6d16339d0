/** A camera by WebRTC: WHEP (draft-ietf-wish-whep), one offer and one answer, no trickling (the relay is ice-lite). */
import { mediaPaths } from '@shouwang/protocol';
import { codeOf, errorOf, retryAfterS } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { iceServersOf } from './ice-servers.ts';
import { withPlayoutDelay } from './playout-delay.ts';
import type { Transport, TransportContext } from './transport.ts';

export type PeerConnectionMaker = new (configuration?: RTCConfiguration) => RTCPeerConnection;

/** From the request until the relay's answer must have brought a track; a camera that nobody watched has to start first. */
const ANSWER_MS = 5000;
/** How long a disconnected path may take to come back (it often does, by itself). */
const DISCONNECTED_MS = 3000;
/** How often a stream that stands by is looked at, and for how long: a camera's key frames are seldom farther apart. */
const LOOK_MS = 200;
const LOOKED_AT_MS = 15_000;

/**
 * Starts WHEP. Fails with the node's code (WHEP_REFUSED, CODEC_UNSUPPORTED, CAMERA_OFFLINE, …), or TIMEOUT when the relay does not
 * answer or the media path breaks.
 */
export function startWhep(
  context: TransportContext,
  PeerConnection: PeerConnectionMaker,
  /** Takes the stream in place of the video element, once its pictures come. */
  take?: (stream: MediaStream) => void,
): Transport {
  const { video, session, timers } = context;
  const peer = new PeerConnection();
  let closed = false;
  let resource: string | undefined;
  let stream: MediaStream | null = null;
  let againMs: number | undefined;
  let cancelLook = () => {};
  let cancelWait = timers.after(ANSWER_MS, () => fail('TIMEOUT'));

  const fail = (code: Parameters<TransportContext['failed']>[0]) => {
    if (!closed) context.failed(code, againMs);
  };

  const watchPath = () => {
    const state = peer.iceConnectionState;
    if (state === 'failed' || state === 'closed') fail('TIMEOUT');
    else if (state === 'disconnected') {
      cancelWait();
      cancelWait = timers.after(DISCONNECTED_MS, () => fail('TIMEOUT'));
    } else if (state === 'connected' || state === 'completed') cancelWait();
  };
  /** The relay sends nothing before a key frame, which may be seconds away: whatever else is shown moves until then. */
  const standBy = (given: MediaStream, taker: (stream: MediaStream) => void, since: number) => {
    receives(peer).then(
      (comes) => {
        if (closed) return;
        if (comes) taker(given);
        else if (timers.now() - since >= LOOKED_AT_MS) fail('TIMEOUT');
        else cancelLook = timers.after(LOOK_MS, () => standBy(given, taker, since));
      },
      (error) => fail(codeOf(error)),
    );
  };
  peer.oniceconnectionstatechange = watchPath;
  // ICE stays connected where DTLS fails.
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'failed') fail('TIMEOUT');
  };
  peer.ontrack = (event) => {
    if (closed) return;
    cancelWait();
    stream = event.streams[0] ?? new MediaStream([event.track]);
    if (take) standBy(stream, take, timers.now());
    else attach(video, stream);
  };

  const negotiate = async () => {
    peer.addTransceiver('video', { direction: 'recvonly' });
    const { type, sdp: offered = '' } = await peer.createOffer();
    const offer = { type, sdp: withPlayoutDelay(offered) };
    const path = mediaPaths.whep(session.cameraId) + (context.quality === 'sub' ? '?quality=sub' : '');
    const answer = await session.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: offer.sdp,
    });
    if (!answer.ok) {
      const seconds = retryAfterS(answer);
      againMs = seconds && seconds * 1000;
      throw await errorOf(answer);
    }
    resource = pathOf(answer, session.mediaUrl);
    const sdp = await answer.text();
    if (closed) return leave();
    // Gathering begins with the local description, and servers that are told later would be of no use to it.
    const iceServers = iceServersOf(answer.headers.get('link'));
    if (iceServers.length > 0) peer.setConfiguration({ iceServers });
    await peer.setLocalDescription(offer);
    await peer.setRemoteDescription({ type: 'answer', sdp });
  };

  // WHEP 4.3: the viewer ends its session by DELETE on the Location.
  const leave = () => {
    if (resource && !session.ended) session.request(resource, { method: 'DELETE', keepalive: true }).catch(() => undefined);
    resource = undefined;
  };

  const close = () => {
    if (closed) return;
    closed = true;
    cancelWait();
    cancelLook();
    peer.oniceconnectionstatechange = null;
    peer.onconnectionstatechange = null;
    peer.ontrack = null;
    peer.close();
    // One that only stood by never had it. Whatever is set here, null over null too, makes the element drop what it plays.
    if (stream && video.srcObject === stream) video.srcObject = null;
    leave();
  };

  negotiate().catch((error) => fail(codeOf(error)));

  return {
    kind: 'webrtc',
    // The relay adds some tens of milliseconds (facts: 38 at the median): the picture's time is now.
    pictureTime: () => timers.now(),
    // Nothing can be done about a path but to leave it; a key frame on its way deserves a moment.
    unstick: (forMs) => forMs < 4000,
    close,
  };
}

/** The resource's path below `mediaUrl`; absolute and relative Locations are both allowed (RFC 9110, 10.2.2). */
function pathOf(answer: HttpAnswer, mediaUrl: string): string | undefined {
  const location = answer.headers.get('location');
  if (!location) return undefined;
  const base = new URL(mediaUrl);
  const url = new URL(location, base);
  if (url.origin !== base.origin) return undefined; // The bearer goes to nobody else.
  const prefix = base.pathname.replace(/\/+$/, '');
  const path = url.pathname + url.search;
  return prefix && path.indexOf(prefix) === 0 ? path.slice(prefix.length) : path;
}

/** Whether media has come. */
async function receives(peer: RTCPeerConnection): Promise<boolean> {
  let packets = 0;
  (await peer.getStats()).forEach((entry: Partial<RTCInboundRtpStreamStats>) => {
    if (entry.type === 'inbound-rtp') packets += entry.packetsReceived ?? 0;
  });
  return packets > 0;
}

/** Shows a stream. */
export function attach(video: HTMLVideoElement, stream: MediaStream): void {
  video.srcObject = stream;
  play(video);
}

/** Starts playback; muted, because browsers let nothing else start by itself. */
export function play(video: HTMLVideoElement): void {
  video.muted = true;
  video.autoplay = true;
  video.setAttribute('playsinline', '');
  const started = video.play() as Promise<void> | undefined; // Chromium below 50 returns nothing.
  started?.catch(() => undefined); // Interrupted by the next load: the watch on frames judges.
}
