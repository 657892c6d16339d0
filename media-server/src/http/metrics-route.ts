/** `/metrics` in the Prometheus text format: cameras, viewers, clips, disk, faults, and the process itself. Names no viewer. */
import { readFileSync } from 'node:fs';
import { CodedError, mayReadMetrics } from '@shouwang/protocol';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Evidence } from '../evidence/evidence.ts';
import type { FaultBook } from '../health/fault-book.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { Routes } from './server.ts';

export interface MetricsSources {
  hubs: Hubs;
  evidence: Pick<Evidence, 'rings' | 'clips' | 'budget'>;
  faults: FaultBook;
  viewers: () => { sessions: number; hls: number; webrtc: number };
  centreConnected: () => boolean;
  unreported: () => number;
  token: string;
}

export function metricsRoute(sources: MetricsSources): Routes {
  // Measuring begins when somebody reads.
  let register: Registry | undefined;
  return (server) => {
    server.get('/metrics', async (request, reply) => {
      const asker = { address: request.socket.remoteAddress, headers: request.headers };
      if (!mayReadMetrics(asker, sources.token)) throw new CodedError('NOT_ALLOWED');
      register ??= registryOf(sources);
      return reply
        .header('cache-control', 'no-store')
        .type(register.contentType)
        .send(await register.metrics());
    });
  };
}

function registryOf({ hubs, evidence, faults, viewers, centreConnected, unreported }: MetricsSources): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `shouwang_media_${name}`,
      help,
      registers: [register],
      collect() {
        this.set(read());
      },
    });
  gauge('cameras_configured', 'Cameras in the list', () => hubs.configured);
  gauge('cameras_pulled', 'Streams that are pulled now', () => hubs.all().length);
  gauge('sessions', 'Viewer sessions', () => viewers().sessions);
  gauge('viewers_hls', 'Viewers by HLS', () => viewers().hls);
  gauge('viewers_webrtc', 'Viewers by WebRTC', () => viewers().webrtc);
  gauge('centre_connected', '1: connected to the centre', () => Number(centreConnected()));
  gauge('views_unreported', 'Views that the centre has not acknowledged', unreported);
  gauge('ring_bytes', 'Pictures of the past in memory, bytes', () => evidence.rings.bytes);
  gauge('clips', 'Clips on disk', () => evidence.clips.size);
  gauge('clips_recording', 'Clips that are being recorded', () => evidence.clips.active);
  gauge('clips_bytes', 'Disk that clips take, bytes', () => evidence.budget.used);
  gauge('clips_budget_bytes', 'Disk that clips may take, bytes', () => evidence.budget.limit);
  perCamera(register, hubs);
  new Gauge({
    name: 'shouwang_media_faults',
    help: 'What is wrong now, by kind; cameras and the node itself',
    labelNames: ['fault'],
    registers: [register],
    collect() {
      this.reset();
      for (const [fault, n] of faults.counts()) this.set({ fault }, n);
    },
  });
  return register;
}

/** Of pulled cameras only: a list of thousands costs nothing. */
function perCamera(register: Registry, hubs: Hubs): void {
  const labelNames = ['camera', 'quality'] as const;
  const gauge = (name: string, help: string, read: (hub: ReturnType<Hubs['all']>[number]) => number | undefined) =>
    new Gauge({
      name: `shouwang_media_camera_${name}`,
      help,
      labelNames,
      registers: [register],
      collect() {
        this.reset();
        for (const hub of hubs.all()) this.set({ camera: hub.cameraId, quality: hub.quality }, read(hub) ?? 0);
      },
    });
  gauge('live', '1: pictures come', (hub) => Number(hub.state.phase === 'live' || hub.state.phase === 'degraded'));
  gauge('subscribers', 'Who the stream is pulled for', (hub) => hub.viewers);
  gauge('mbit', 'Measured, Mbit/s', (hub) => hub.mbit);
  gauge('packets_lost', 'RTP packets that never came, since the stream is known', (hub) => hub.counters.lost);
  gauge('connects', 'Connections to the camera, since the stream is known', (hub) => hub.counters.connects);
}

/** The token of `health.metricsTokenFile`; empty where there is no file. Throws CONFIG_INVALID where it cannot be read. */
export function readMetricsToken(path: string): string {
  if (!path) return '';
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CodedError('CONFIG_INVALID', `health.metricsTokenFile: expected a readable file: ${path}`, { cause });
  }
}
