/** What the packages agree on: topics, payloads, errors, APIs. Pure data; no I/O, no Node built-ins. */
export * from './admin-api.ts';
export * from './box-http.ts';
export * from './envelope.ts';
export * from './errors.ts';
export * from './fleet-api.ts';
export * from './http-api.ts';
export * from './ids.ts';
export * from './labels.ts';
export * from './media-api.ts';
export * from './messages/activation.ts';
export * from './messages/box-down.ts';
export * from './messages/box-up.ts';
export * from './messages/case-events.ts';
export * from './messages/media.ts';
export * from './messages/remote-config.ts';
export * from './topics.ts';
export * from './tv-link.ts';
