export { type App, type AppDeps, createApp } from './app.ts';
export { type Clock, systemClock } from './clock.ts';
export { BridgeConfig, readBridgeConfig } from './config.ts';
export { type DurableFs, nodeFs } from './outbox/durable-fs.ts';
export type { AlarmKey, Claims, KeyAction, Platform, PlatformEvents } from './platform.ts';
