/**
 * When the key was pressed, by the centre's clock, as far as it can be known: a box's clock may be slow, fast, or have begun in 1970.
 * Pure.
 */
import type { CaseView } from '@shouwang/protocol';
import { dayClockText, durationText } from './time-text.ts';

/** Press and arrival further apart than this are shown as apart. ms */
const APART_MS = 5000;
/** A clock further off than this is wrong; less may be the way of the message. ms */
const CLOCK_WRONG_MS = 30_000;
/** An alarm is not older than this when it comes; what seems to be comes from a wrong clock. ms */
const OLDEST_MS = 30 * 86_400_000;

export interface PressTime {
  /** By the centre's clock, ms; undefined where nobody can know. */
  at: number | undefined;
  /** What is to be said about it, in plain words. */
  note: string | undefined;
}

type Times = Pick<CaseView, 'pressedAt' | 'receivedAt' | 'clockSkewMs'>;

export function pressTime({ pressedAt, receivedAt, clockSkewMs }: Times): PressTime {
  const skew = clockSkewMs ?? 0;
  const wrong = Math.abs(skew) > CLOCK_WRONG_MS;
  const at = wrong ? pressedAt - skew : pressedAt;
  const late = receivedAt - at;
  if (late > OLDEST_MS || late < -CLOCK_WRONG_MS) {
    return { at: undefined, note: `机顶盒时钟不对（按键时它以为是 ${thenText(pressedAt)}），真正的按键时间不知道，以到达时间为准` };
  }
  if (wrong) return { at: Math.min(at, receivedAt), note: `${clockWords(skew, pressedAt)}，按键时间已按中心时间改正${sentLate(late)}` };
  if (Math.abs(late) <= APART_MS) return { at, note: undefined };
  if (late < 0) return { at: receivedAt, note: `机顶盒时钟比中心快 ${durationText(-late)}，按键时间不准` };
  const why = clockSkewMs === undefined ? '断网补发，或机顶盒时钟偏慢' : '断网补发';
  return { at, note: `按键后 ${durationText(late)} 才送到：${why}` };
}

/** How far the clock is off; a date says more than thousands of days. */
function clockWords(skew: number, pressedAt: number): string {
  if (Math.abs(skew) > OLDEST_MS) return `机顶盒时钟不对（按键时它以为是 ${thenText(pressedAt)}）`;
  return `机顶盒时钟${skew < 0 ? '慢' : '快'} ${durationText(Math.abs(skew))}`;
}

function thenText(at: number): string {
  return `${new Date(at).getFullYear()}年${dayClockText(at)}`;
}

function sentLate(late: number): string {
  return late > APART_MS ? `；按键后 ${durationText(late)} 才送到` : '';
}
