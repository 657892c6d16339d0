/** Set by the packager (`firmware-bridge/packaging/build.ts`); not there when the sources run as they are. */
declare const SHOUWANG_VERSION: string | undefined;

/** Reported to the centre in presence and sync messages. */
export const BRIDGE_VERSION = typeof SHOUWANG_VERSION === 'string' ? SHOUWANG_VERSION : '0.1.0';
