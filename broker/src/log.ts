/** Logging: JSON lines on stdout, no secrets and no personal data. */
import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** A logger of the given level. Synchronous, so that the last line before an exit is not lost. */
export function createLog(level: string): Log {
  return pino({ level, base: { service: 'broker' } }, pino.destination({ fd: 1, sync: true }));
}
