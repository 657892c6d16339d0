/** How the node is. No login: it says which cameras run, not where they are or who watches. */
import { mediaPaths } from '@shouwang/protocol';
import type { Hubs } from '../hub/hubs.ts';
import type { Routes } from './server.ts';

export interface HealthSources {
  epoch: string;
  hubs: Hubs;
  sessions: () => number;
  hlsViewers: () => number;
  webrtcViewers: () => number;
  webrtcMbit: () => number;
  /** `ready`, or why there is no WebRTC. */
  worker: () => string;
  workers: () => { percent: number; mbit: number }[];
  stills: boolean;
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
        ...hub.counters,
      }));
      return reply.header('cache-control', 'no-store').send({
        epoch: s.epoch,
        centre: { connected: s.centreConnected(), unreportedViews: s.unreported() },
        worker: s.worker(),
        workers: s.workers().map(({ percent, mbit }) => ({ percent, mbit })),
        stills: s.stills,
        viewers: { sessions: s.sessions(), hls: s.hlsViewers(), webrtc: s.webrtcViewers(), webrtcMbit: s.webrtcMbit() },
        configured: s.hubs.configured,
        pulled: cameras.length,
        cameras,
      });
    });
  };
}
