/** JSON logs on stdout. Sessions, grants, secrets and camera passwords never get here: see `safeUrl` and the redactions. */
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

/** A URL that may be logged: user, password and query are left out (some cameras take the password in the query). */
export function safeUrl(text: string): string {
  try {
    const url = new URL(text);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return '(not a URL)';
  }
}
