import type { ErrorCode } from '@shouwang/protocol';
import type { SessionHandle } from './session.ts';
import type { Timers } from './timers.ts';

export type TransportKind = 'webrtc' | 'hls';

/** What a transport gets to work with. */
export interface TransportContext {
  video: HTMLVideoElement;
  session: SessionHandle;
  timers: Timers;
  /** Which of the camera's streams; `sub` for small tiles. */
  quality: 'main' | 'sub';
  /**
   * This transport can do no more, and waits to be closed. Never called after `close`; only the first call counts. `againMs`: when the
   * node says to come again.
   */
  failed(code: ErrorCode, againMs?: number): void;
}

/** One attempt to show a camera. */
export interface Transport {
  readonly kind: TransportKind;
  /** How long its first frame may take, where that is not what its kind usually takes. */
  readonly firstFrameMs?: number;
  /** ms since 1970 of the picture on screen; undefined where the transport does not know. */
  pictureTime(): number | undefined;
  /** The picture has stood still for `forMs`: help it on. False if this transport has nothing left to try. Not asked while the camera is away. */
  unstick(forMs: number): boolean;
  /** Lets go of the video element and the network. */
  close(): void;
}
