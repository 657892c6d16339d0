/** The sample cameras as one object: six feeds behind one RTSP server. */
import { type Clock, systemClock } from '../src/lib/clock.ts';
import type { Log } from '../src/lib/log.ts';
import { SAMPLE_CAMERAS, type SampleCameraId } from './catalogue.ts';
import { CameraFeed } from './feed/camera-feed.ts';
import { ffmpegEncoder, type StartEncoder } from './feed/encoder.ts';
import { CameraPicture } from './picture/camera-picture.ts';
import type { ServedCamera } from './rtsp/connection.ts';
import { RtspServer } from './rtsp/server.ts';
import { SCENES } from './scenes/index.ts';

export interface SampleOptions {
  host: string;
  /** 0 = any free port. */
  port: number;
  log: Log;
  clock?: Clock;
  /** Path of ffmpeg's binary. */
  ffmpeg: string;
  /** Stands in for the encode, in tests. */
  encoder?: (id: SampleCameraId) => StartEncoder;
}

export interface SampleApp {
  /** Resolves with the base address, e.g. `rtsp://127.0.0.1:8554`. Rejects with PORT_BUSY. */
  start(): Promise<{ rtspUrl: string; port: number }>;
  close(): Promise<void>;
}

export function createSampleCameras({ host, port, log, clock = systemClock, ffmpeg, encoder }: SampleOptions): SampleApp {
  const pictures = new Map<SampleCameraId, CameraPicture>();
  const pictureOf = (id: SampleCameraId, name: string): CameraPicture => {
    const known = pictures.get(id) ?? new CameraPicture(SCENES[id], name);
    pictures.set(id, known);
    return known;
  };
  const cameras = new Map<string, ServedCamera>();
  for (const { id, name } of SAMPLE_CAMERAS) {
    const start = encoder?.(id) ?? ffmpegEncoder(ffmpeg, () => pictureOf(id, name), clock);
    cameras.set(id, { name, feed: new CameraFeed(id, { start, clock, log }) });
  }
  const server = new RtspServer(cameras, clock);
  let cancelPainting = () => {};

  /** Paints the backgrounds ahead, one at a time between requests: the first viewer then waits for the encode only. */
  const paintAhead = (left: typeof SAMPLE_CAMERAS) => {
    const [next, ...rest] = left;
    if (!next) return;
    cancelPainting = clock.after(20, () => {
      pictureOf(next.id, next.name);
      paintAhead(rest);
    });
  };

  return {
    async start() {
      const actual = await server.listen(port, host);
      if (!encoder) paintAhead(SAMPLE_CAMERAS);
      return { rtspUrl: `rtsp://${host.includes(':') ? `[${host}]` : host}:${actual}`, port: actual };
    },
    async close() {
      cancelPainting();
      for (const { feed } of cameras.values()) feed.close();
      await server.close();
    },
  };
}
