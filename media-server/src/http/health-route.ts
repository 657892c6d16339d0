/** How the node is. No login: it says which cameras run, not where they are or who watches. */
import { mediaPaths } from '@shouwang/protocol';
import type { Evidence } from '../evidence/evidence.ts';
import type { FaultBook } from '../health/fault-book.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { Routes } from './server.ts';

export interface HealthSources {
  epoch: string;
  hubs: Hubs;
  evidence: Pick<Evidence, 'rings' | 'clips' | 'budget'>;
  faults: FaultBook;
  sessions: () => number;
  hlsViewers: () => number;
  webrtcViewers: () => number;
  webrtcMbit: () => number;
  /** `ready`, or why there is no WebRTC. */
  worker: () => string;
  workers: () => { percent: number; mbit: number; late: boolean }[];
  stills: boolean;
  transcodes: () => { running: number; corePercent: number };
  centreConnected: () => boolean;
  /** Views that the centre has not acknowledged. */
  unreported: () => number;
}

export function healthRoute(s: HealthSources): Routes {
  return (server) => {
    server.get(mediaPaths.health, async (_request, reply) => {
      const cameras = s.hubs.all().map((hub) => ({
        id: hub.cameraId,
        quality: hub.quality,
        ...hub.state,
        subscribers: hub.viewers,
        mbit: hub.mbit,
        faults: s.faults.of(hub.cameraId),
        ...hub.counters,
      }));
      return reply.header('cache-control', 'no-store').send({
        epoch: s.epoch,
        centre: { connected: s.centreConnected(), unreportedViews: s.unreported() },
        worker: s.worker(),
        workers: s.workers().map(({ percent, mbit, late }) => ({ percent, mbit, late })),
        stills: s.stills,
        transcodes: s.transcodes(),
        viewers: { sessions: s.sessions(), hls: s.hlsViewers(), webrtc: s.webrtcViewers(), webrtcMbit: s.webrtcMbit() },
        recorder: {
          ringBytes: s.evidence.rings.bytes,
          recording: s.evidence.clips.active,
          clips: s.evidence.clips.size,
          diskBytes: s.evidence.budget.used,
          diskLimitBytes: s.evidence.budget.limit,
          disk: s.evidence.budget.state,
        },
        ...s.faults.told(),
        configured: s.hubs.configured,
        pulled: cameras.length,
        cameras,
      });
    });
  };
}
