/** Reported to the centre in presence and sync messages. */
export const BRIDGE_VERSION = '0.1.0';
