/** The township's notices that stand, of those that the page keeps. Pure. */
import type { TownshipNotice, TvNotice } from '@shouwang/protocol';

/** An answer on its way may be overtaken by a poll that brings what was said after it within a minute: a greater difference is a clock that was set. */
const ON_ITS_WAY_MS = 60_000;

/** Whether what the centre said at `time` is older than what it said last. */
export function overtaken(time: string, last: string | undefined): boolean {
  const ahead = last === undefined ? 0 : Date.parse(last) - Date.parse(time);
  return ahead > 0 && ahead < ON_ITS_WAY_MS;
}

/** Those of the centre's last word that are not over. `now`: undefined on a box that does not know the time; it ends none by itself. */
export function standing(told: unknown, now: number | undefined): TvNotice[] | undefined {
  if (!Array.isArray(told)) return undefined;
  return (told as TownshipNotice[])
    .filter((n) => now === undefined || now < n.until)
    .map(({ id, at, from, title, text }) => ({ id, at, from, title, text }));
}
