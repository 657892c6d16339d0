/** A scripted camera that the RTSP source pulls over a real socket, and what came of it. For test files: made anew before each test. */
import type { CodedError } from '@shouwang/protocol';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { AccessUnit, AudioFrame, AudioTrack, DownPhase, SourceHealth, VideoTrack } from '../ingest/access-unit.ts';
import type { RtspTransport } from '../ingest/rtsp/session.ts';
import { RtspSource } from '../ingest/rtsp-source.ts';
import { silentLog } from '../lib/log.ts';
import { ManualClock } from './manual-clock.ts';
import { type PeerOptions, RtspPeer } from './rtsp-peer.ts';

interface Down {
  error: CodedError;
  retryInMs: number;
  phase: DownPhase | undefined;
}

export interface PulledCamera {
  clock: ManualClock;
  peer: RtspPeer;
  source: RtspSource;
  /** What the source told, in the order of its telling; emptied before each test. */
  tracks: VideoTrack[];
  soundTracks: AudioTrack[];
  shown: AccessUnit[];
  heard: AudioFrame[];
  health: SourceHealth[];
  downs: Down[];
  /** Begins: `user` is put into the address. */
  camera(options?: PeerOptions, user?: string, transport?: RtspTransport): Promise<void>;
  playing(): Promise<void>;
  showing(count: number): Promise<void>;
  down(count: number): Promise<void>;
}

export function pulledCamera(): PulledCamera {
  const tracks: VideoTrack[] = [];
  const soundTracks: AudioTrack[] = [];
  const shown: AccessUnit[] = [];
  const heard: AudioFrame[] = [];
  const health: SourceHealth[] = [];
  const downs: Down[] = [];
  const t: PulledCamera = {
    clock: new ManualClock(),
    peer: undefined as unknown as RtspPeer,
    source: undefined as unknown as RtspSource,
    ...{ tracks, soundTracks, shown, heard, health, downs },
    async camera(options = {}, user = '', transport = 'auto') {
      t.peer = await new RtspPeer(options).listen();
      t.source = new RtspSource({ url: t.peer.url(user), transport, clock: t.clock, log: silentLog, random: () => 1 });
      t.source.start({
        onTrack: (track) => tracks.push(track),
        onPicture: (p) => shown.push(p),
        onAudioTrack: (track) => soundTracks.push(track),
        onAudio: (f) => heard.push(f),
        onHealth: (h) => health.push(h),
        onDown: (error, retryInMs, phase) => downs.push({ error, retryInMs, phase }),
      });
    },
    playing: () => vi.waitFor(() => expect(t.peer.methods).toContain('PLAY')),
    showing: (count) => vi.waitFor(() => expect(shown).toHaveLength(count)),
    down: (count) => vi.waitFor(() => expect(downs).toHaveLength(count)),
  };

  beforeEach(() => {
    t.clock = new ManualClock();
    for (const list of [tracks, soundTracks, shown, heard, health, downs]) list.length = 0;
  });

  afterEach(async () => {
    const stopping = t.source?.stop();
    // Whoever waits for an answer waits by this clock.
    t.clock.passes(10_000);
    await stopping;
    await t.peer?.close();
  });
  return t;
}
