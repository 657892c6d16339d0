/** What the page says of its box every half minute. Pure. */
import type { BoxStatus } from '@shouwang/protocol';

/** The page comes from the centre: it has no version of its own. */
export const VERSION = 'page';
/** A box that thinks it is earlier does not know the time. 2024-01-01. */
const TIME_IS_KNOWN = 1_704_067_200_000;

export function knowsTime(now: number): boolean {
  return now > TIME_IS_KNOWN;
}

/** `stores`: what is kept on this box is there when it is read back; `waiting`: messages that the centre has not answered. */
export function heartbeat(box: { now: number; stores: boolean; waiting: number }): BoxStatus {
  const { now, stores, waiting } = box;
  const health = { outbox: stores, keys: true, time: knowsTime(now), waiting, config: 0 };
  return { online: true, at: Math.max(0, now), version: VERSION, health };
}
