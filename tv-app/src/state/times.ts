/** Times as they are read out, in the box's own time zone. No Intl: old boxes have none that is complete. */
import { UNITS } from '../words.ts';

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

/** `14:05`. */
export function clockText(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `14:05:07`. */
export function secondText(ms: number): string {
  return `${clockText(ms)}:${two(new Date(ms).getSeconds())}`;
}

/** `11月23日 星期一`. */
export function dateText(ms: number): string {
  const d = new Date(ms);
  return UNITS.date(d.getMonth() + 1, d.getDate(), d.getDay());
}

/** `14:05:07` today, `11月22日 14:05` on another day. */
export function pastText(ms: number, now: number): string {
  return sameDay(ms, now) ? secondText(ms) : `${dayText(ms)} ${clockText(ms)}`;
}

/** A moment of which the day matters more than the second: `今天 16:00`, `11月24日 10:00`. */
export function untilText(ms: number, now: number): string {
  return `${sameDay(ms, now) ? UNITS.today : dayText(ms)} ${clockText(ms)}`;
}

/** `11月23日`. */
export function dayText(ms: number): string {
  const d = new Date(ms);
  return UNITS.day(d.getMonth() + 1, d.getDate());
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
