/** For tests and tools that run the media server in their own process. */
export { type Addresses, type App, type AppDeps, createApp } from './app.ts';
export { type Camera, loadConfig, type MediaConfig, MediaConfigSchema } from './config.ts';
