/** What a source hands to its hub. */
import type { CodedError } from '@shouwang/protocol';

/** The parameter sets that decode what follows. */
export interface VideoTrack {
  codec: 'h264' | 'h265';
  /** Empty for H.264. */
  vps: readonly Buffer[];
  sps: Buffer;
  pps: readonly Buffer[];
  /** Grows with every change of a parameter set and with every new connection: timestamps of different runs do not compare. */
  run: number;
}

export interface AudioTrack {
  /** MPEG-4 AAC without any framing; G.711 A-law and µ-law, a byte a sample and channel. */
  codec: 'aac' | 'pcma' | 'pcmu';
  /** Hz. */
  sampleRate: number;
  channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1); empty for G.711. */
  config: Buffer;
  run: number;
}

/** One picture: NAL units without start codes, in decoding order; parameter sets, delimiters and fillers are left out (they are in `track`). */
export interface AccessUnit {
  nals: Buffer[];
  /** In memory each of them lies right behind its length in 4 bytes. */
  framed?: boolean | undefined;
  /** An IDR picture (H.265: any random access point): decoding can begin here. */
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

/** One access unit of AAC, or as many samples of G.711 as the camera put into a packet. */
export interface AudioFrame {
  data: Buffer;
  /** Presentation time, 90 kHz, on the same line as the pictures' `ticks`. */
  ticks: number;
  /** When it was heard, ms since 1970. */
  pictureAt: number;
  arrivedAt: number;
  track: AudioTrack;
}

/** `live`; `degraded`: more is lost on the way than pictures can bear; `silent`: connected, and nothing comes, or no picture. */
export interface SourceHealth {
  phase: 'live' | 'degraded' | 'silent';
  detail?: string;
}

/** `refused`: the camera said no; `silent`: it was connected, and nothing came; `down`: anything else. */
export type DownPhase = 'down' | 'refused' | 'silent';

export interface SourceCounters {
  connects: number;
  /** Of the pictures. */
  packets: number;
  /** Of everything. */
  bytes: number;
  /** Sequence numbers that never came. */
  lost: number;
  /** Packets that were no RTP, or whose payload its format does not allow. */
  broken: number;
  /** Pictures thrown away: incomplete, or waiting for a key frame. */
  skipped: number;
  pictures: number;
}

export interface SourceListener {
  /** The camera answered; what it sends. */
  onTrack(track: VideoTrack): void;
  onPicture(picture: AccessUnit): void;
  /** It sends sound that we can carry, of which `onAudioTrack` will say more. */
  onSoundComing?(): void;
  /** What the sound is: as soon as that is known, and before the first frame of it. */
  onAudioTrack?(track: AudioTrack): void;
  onAudio?(frame: AudioFrame): void;
  /** Told when it changes, while connected; `live` needs no telling at first. */
  onHealth?(health: SourceHealth): void;
  /** It is lost, could not be reached, or said no; the source tries again after `retryInMs`. */
  onDown(error: CodedError, retryInMs: number, phase?: DownPhase): void;
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
