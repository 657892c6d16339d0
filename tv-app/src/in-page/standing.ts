/** The township's notices that stand, of those that the page keeps. Pure. */
import type { TownshipNotice, TvNotice } from '@shouwang/protocol';

/** Those of the centre's last word that are not over. `now`: undefined on a box that does not know the time; it ends none by itself. */
export function standing(told: unknown, now: number | undefined): TvNotice[] | undefined {
  if (!Array.isArray(told)) return undefined;
  return (told as TownshipNotice[])
    .filter((n) => now === undefined || now < n.until)
    .map(({ id, at, from, title, text }) => ({ id, at, from, title, text }));
}
