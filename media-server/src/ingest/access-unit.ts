/** What a source hands to its hub. */
import type { CodedError } from '@shouwang/protocol';

/** The parameter sets that decode what follows. */
export interface VideoTrack {
  codec: 'h264';
  sps: Buffer;
  pps: readonly Buffer[];
  /** Grows with every change of `sps` or `pps` and with every new connection: timestamps of different runs do not compare. */
  run: number;
}

/** One picture: NAL units without start codes, in decoding order; parameter sets, delimiters and fillers are left out (they are in `track`). */
export interface AccessUnit {
  nals: Buffer[];
  /** An IDR picture: decoding can begin here. */
  key: boolean;
  /** Presentation time, 90 kHz, unwrapped; goes back where pictures are reordered. */
  ticks: number;
  /** When the picture was taken, ms since 1970. */
  pictureAt: number;
  /** When it was complete here, ms since 1970. */
  arrivedAt: number;
  /** Bytes of all NAL units. */
  bytes: number;
  track: VideoTrack;
}

export interface SourceCounters {
  connects: number;
  packets: number;
  bytes: number;
  /** Sequence numbers that never came. */
  lost: number;
  /** Packets that were no RTP, or whose payload RFC 6184 does not allow. */
  broken: number;
  /** Pictures thrown away: incomplete, or waiting for a key frame. */
  skipped: number;
  pictures: number;
}

export interface SourceListener {
  /** The camera answered; what it sends. */
  onTrack(track: VideoTrack): void;
  onPicture(picture: AccessUnit): void;
  /** It is lost or could not be reached; the source tries again after `retryInMs`. */
  onDown(error: CodedError, retryInMs: number): void;
}

/** Where pictures come from. The hub starts it when somebody watches and stops it when nobody does. */
export interface CameraSource {
  readonly counters: SourceCounters;
  start(listener: SourceListener): void;
  /** Resolves when the camera has been told (or has not answered in time). */
  stop(): Promise<void>;
}

export function newCounters(): SourceCounters {
  return { connects: 0, packets: 0, bytes: 0, lost: 0, broken: 0, skipped: 0, pictures: 0 };
}
