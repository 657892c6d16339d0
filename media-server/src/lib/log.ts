/** JSON logs on stdout. Sessions, grants, secrets and camera passwords never get here: see `loggableUrl` and the redactions. */
import { type Logger, pino } from 'pino';

export type Log = Logger;

export function makeLog(level: string): Log {
  return pino({
    name: 'media-server',
    level,
    redact: { paths: ['grant', 'session', 'password', '*.authorization', '*.headers', 'headers'], censor: '[hidden]' },
  });
}

/** For tests and tools that want silence. */
export const silentLog: Log = pino({ level: 'silent' });
