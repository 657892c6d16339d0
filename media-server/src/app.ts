/** The media server as one object: opens and closes everything. `main` and the tests use the same. */

import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type CatalogueCamera, CodedError } from '@shouwang/protocol';
import { CentreLink } from './centre-link/centre-link.ts';
import { ViewJournal } from './centre-link/view-journal.ts';
import type { Camera, MediaConfig } from './config.ts';
import { Evidence } from './evidence/evidence.ts';
import { FaultBook } from './health/fault-book.ts';
import { NodeHealth } from './health/node-health.ts';
import { cameraRoutes } from './http/camera-routes.ts';
import { clipRoutes } from './http/clip-routes.ts';
import { healthRoute } from './http/health-route.ts';
import { hlsRoutes } from './http/hls-routes.ts';
import { metricsRoute, readMetricsToken } from './http/metrics-route.ts';
import { makeServer } from './http/server.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { stateRoute } from './http/state-route.ts';
import { countBytes, recordRefusals } from './http/viewer-records.ts';
import { whepRoutes } from './http/whep-routes.ts';
import type { Hub } from './hub/hub.ts';
import { Hubs, type HubsOptions } from './hub/hubs.ts';
import { type Cancel, type Clock, every, systemClock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { uuid7 } from './lib/uuid7.ts';
import { Shown } from './masks/shown.ts';
import { CentreKeys } from './sessions/keys.ts';
import { Refusals } from './sessions/refusals.ts';
import { grantMadeAt, Sessions } from './sessions/sessions.ts';
import { verifyGrant } from './sessions/verify-grant.ts';
import { codingArguments } from './transcode/arguments.ts';
import { TranscodeBudget } from './transcode/budget.ts';
import { TranscodePool } from './transcode/pool.ts';
import { PROFILES } from './transcode/profiles.ts';
import { HlsStreams } from './viewers/hls/hls-streams.ts';
import { Renditions } from './viewers/hls/renditions.ts';
import { encodeJpeg } from './viewers/stills/encode-jpeg.ts';
import { usableFfmpeg } from './viewers/stills/find-ffmpeg.ts';
import { Stills } from './viewers/stills/stills.ts';
import { Whep } from './viewers/whep/whep.ts';

export interface AppDeps {
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  /** The node's secret at the centre; undefined: not connected to one. */
  secret?: string | undefined;
  makeSource?: HubsOptions['makeSource'];
}

export interface Addresses {
  /** Where it listens. */
  http: string;
  publicUrl: string;
  /** Where WebRTC listens; null: WHEP is refused. */
  webrtc: { udp: string[]; tcp: string[] } | null;
}

export interface App {
  /** Throws PORT_BUSY. */
  start(): Promise<Addresses>;
  close(): Promise<void>;
}

const ALIVE_MS = 10_000;
/** How long the ends of views may take to get out at shutdown. */
const LAST_WORDS_MS = 2000;

export function createApp(config: MediaConfig, deps: AppDeps): App {
  const { log, clock = systemClock, env = process.env } = deps;
  const now = () => clock.now();
  const epoch = uuid7(now());
  const ffmpeg = usableFfmpeg(env, log);
  const budget = new TranscodeBudget({ clock, ...config.transcode });
  const { '720p': recoded } = PROFILES;
  const recoding = { args: codingArguments(recoded), take: () => budget.take(recoded.estimatedCorePercent), needed: new Map() };
  const reading = { ffmpeg, protocols: config.ffmpeg.protocols, recoding };
  const hubs = new Hubs({ cameras: config.cameras, clock, log, lingerMs: config.hub.lingerS * 1000, reading, ...pick(deps) });
  const journal = openJournal(config, now, log);
  const onBytes = (viewId: string, bytes: number) => sessions.count(viewId, bytes);
  const lingerMs = config.hub.lingerS * 1000;
  const transcodes = ffmpeg && new TranscodePool({ ffmpeg, budget, clock, log, lingerMs });
  const shown = new Shown({ hubs, cameras: config.cameras, transcodes: transcodes || undefined });
  const renditions = new Renditions(hubs, transcodes || undefined, shown);
  const hls = new HlsStreams({ renditions, clock, ...config.hls, makeEpoch: () => uuid7(now()), ffmpeg });
  const transcode = transcodes && ((hub: Hub) => transcodes.hub(hub, PROFILES['720p']));
  const whep = new Whep({ config: config.webrtc, shown, clock, log, env, onBytes, transcode: transcode || undefined, ffmpeg });
  const keys = new CentreKeys({ jwksUrl: config.centre.jwksUrl, clock });
  const sessions: Sessions = new Sessions({
    clock,
    verify: (token) => verifyGrant(token, keys, now()),
    usedGrants: journal.usedGrants(),
    limits: { all: config.limits.sessions, perCamera: config.limits.sessionsPerCamera, perViewer: config.limits.sessionsPerViewer },
    events: {
      onStarted: ({ viewId, grantId, cameraId }, at) => {
        evidence.centreClock.heard(grantMadeAt(grantId));
        journal.add({ epoch, viewId, phase: 'started', grantId, cameraId, at });
      },
      onEnded: (session, at, why) => {
        const { viewId, grantId, cameraId } = session;
        hls.leave(cameraId, viewId);
        whep.leave(viewId);
        journal.add({ epoch, viewId, phase: 'ended', grantId, cameraId, at, why, bytes: session.bytes });
      },
    },
  });
  const refusals = new Refusals({ clock, record: (data) => journal.refused(data), waiting: () => journal.queue.length });
  const stills = ffmpeg
    ? new Stills({
        clock,
        concurrency: config.stills.concurrency,
        everyS: config.stills.everyS,
        encode: (key, masks) => encodeJpeg(key, { ffmpeg, maxWidth: config.stills.maxWidth, masks, clock }),
      })
    : undefined;

  const faults = new FaultBook(now);
  const evidence = new Evidence({ config, hubs, ffmpeg, faults: () => faults.told(), clock, log });
  const canSpare = (url: string) => !recoding.needed.has(url) || budget.canSpare(recoded.estimatedCorePercent);
  const health = new NodeHealth({ config, hubs, faults, evidence, ffmpeg, canSpare, clock, log });

  let link: CentreLink | undefined;
  const onRefused = recordRefusals(refusals, (id) => hubs.has(id));
  const { allowedOrigins, trustProxy } = config.http;
  const server = makeServer({ log, allowedOrigins, trustProxy, webrtcRetryAfterS: config.webrtc.retryAfterS, onRefused }, [
    countBytes(sessions),
    sessionRoutes({
      sessions,
      knownCamera: (cameraId) => {
        if (!hubs.has(cameraId) && !evidence.clips.has(cameraId)) throw new CodedError('CAMERA_UNKNOWN');
      },
      mayHave: (session, epoch) => hls.mayHave(session.cameraId, epoch, session),
    }),
    whepRoutes({ sessions, whep, iceServers: config.webrtc.iceServers }),
    stateRoute({ sessions, hubs, whep }),
    cameraRoutes({ sessions, hubs, shown, stills }),
    hlsRoutes({ sessions, hls }),
    clipRoutes({ sessions, clips: evidence.clips, exports: evidence.exports, copies: evidence.copies }),
    metricsRoute({
      hubs,
      evidence,
      faults,
      viewers: () => ({ sessions: sessions.size, hls: hls.viewers, webrtc: whep.viewers }),
      centreConnected: () => link?.connected ?? false,
      unreported: () => journal.queue.length,
      token: readMetricsToken(config.health.metricsTokenFile),
    }),
    healthRoute({
      evidence,
      faults,
      epoch,
      hubs,
      sessions: () => sessions.size,
      hlsViewers: () => hls.viewers,
      webrtcViewers: () => whep.viewers,
      webrtcMbit: () => whep.mbit,
      worker: () => whep.workerState,
      workers: () => whep.workers,
      stills: stills !== undefined,
      transcodes: () => ({ running: budget.running, corePercent: Math.round(budget.corePercent) }),
      centreConnected: () => link?.connected ?? false,
      unreported: () => journal.queue.length,
    }),
  ]);
  let stopAlive: Cancel = () => {};

  async function listen(): Promise<string> {
    const { host, port } = config.http;
    try {
      await server.listen({ host, port });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      throw new CodedError('PORT_BUSY', `media-server: ${host}:${port} is in use; change http.port (SHOUWANG_MEDIA_HTTP_PORT)`, { cause });
    }
    const bound = server.server.address() as AddressInfo;
    return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  }

  return {
    async start() {
      const http = await listen();
      const publicUrl = config.http.publicUrl || http;
      const webrtc = await whep.start();
      await evidence.start();
      health.start();
      const { node, mqttUrl } = config.centre;
      if (deps.secret) {
        const onRevoke = (...revoke: Parameters<Sessions['revoke']>) => {
          const ended = sessions.revoke(...revoke);
          // Most of what a node hears when it is back concerns nobody who watches.
          log[ended > 0 ? 'info' : 'debug']({ ended }, 'revoked');
        };
        const cameras = config.cameras.map(inCatalogue);
        const channels = [evidence.channel];
        link = new CentreLink({ mqttUrl, node, secret: deps.secret, epoch, publicUrl, cameras, journal, clock, log, onRevoke, channels });
        link.start();
      } else log.warn('centre.secretFile is not set: not connected to a centre');
      stopAlive = every(clock, ALIVE_MS, () => journal.alive());
      return { http, publicUrl, webrtc };
    },
    async close() {
      stopAlive();
      await server.close();
      sessions.close();
      refusals.close();
      hls.close();
      await whep.close();
      if (transcodes) await transcodes.close();
      budget.close();
      health.close();
      await evidence.close();
      await hubs.close();
      await link?.close(LAST_WORDS_MS);
      journal.close();
    },
  };
}

function openJournal(config: MediaConfig, now: () => number, log: Log): ViewJournal {
  const path = join(config.dataDir, 'views.jsonl');
  const onError = (error: Error) => log.error({ reason: error.message, path }, 'the journal of views cannot be written');
  try {
    return new ViewJournal({ path, source: `media/${config.centre.node}`, now, onError });
  } catch (cause) {
    const why = (cause as Error).message;
    throw new CodedError('CONFIG_INVALID', `dataDir: expected a directory that can be written to: ${why}`, { cause });
  }
}

function pick({ makeSource }: AppDeps): Pick<HubsOptions, 'makeSource'> {
  return makeSource ? { makeSource } : {};
}

/** What the centre may know of a camera: not its address. */
function inCatalogue({ id, name, place, area, position, householdsOf, group, masks = [] }: Camera): CatalogueCamera {
  const known = { id, name, place, area, householdsOf, ...(position ? { position } : {}), ...(group ? { group } : {}) };
  return { ...known, ...(masks.length > 0 ? { masked: true } : {}) };
}
