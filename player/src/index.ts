/** The browser player of TV and console: sessions at a media node, stills, WHEP and HLS with fail-over between them. */
export type { Http, HttpAnswer, HttpInit } from './http.ts';
export { drawMark, markText } from './mark.ts';
export { createPlayer, type Player, type PlayerOptions, type PlayerState, type PlayerStatus } from './player.ts';
export { openSession, type SessionHandle, type SessionOptions } from './session.ts';
export { loadStill, type Still } from './stills.ts';
export type { Timers } from './timers.ts';
export type { TransportKind } from './transport.ts';
