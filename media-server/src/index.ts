/** For tests and tools that run the media server in their own process. */
export { type Addresses, type App, type AppDeps, createApp } from './app.ts';
export { type Camera, loadConfig, type MediaConfig, MediaConfigSchema } from './config.ts';
export type { AccessUnit, AudioFrame, CameraSource, SourceHealth, VideoTrack } from './ingest/access-unit.ts';
export { makeCameraSource } from './ingest/camera-source.ts';
export { silentLog } from './lib/log.ts';
