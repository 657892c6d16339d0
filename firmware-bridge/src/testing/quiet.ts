import { type Logger, pino } from 'pino';

/** A log that says nothing. */
export const quiet: Logger = pino({ level: 'silent' });

/** A log whose lines can be looked at. */
export function listening(): { log: Logger; lines: { level: number; msg: string }[] } {
  const lines: { level: number; msg: string }[] = [];
  return { log: pino({ level: 'debug' }, { write: (text: string) => void lines.push(JSON.parse(text)) }), lines };
}
