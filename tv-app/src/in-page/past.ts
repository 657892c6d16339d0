/** The alarms of this box that gave way to newer ones or were put away: for the list on the TV. Pure. */
import { REPORTS_AT_MOST, type TvAlarm } from '@shouwang/protocol';
import { type PageAlarm, toTv } from './page-alarm.ts';

/** With `alarm` among them, the newest first. By the centre's clock where it has the alarm: the box's own may have stood in 1970. */
export function withPast(past: readonly PageAlarm[], alarm: PageAlarm): PageAlarm[] {
  const at = (a: PageAlarm) => a.receivedAt ?? a.pressedAt;
  return [alarm, ...past.filter((a) => a.id !== alarm.id)].sort((a, b) => at(b) - at(a)).slice(0, REPORTS_AT_MOST);
}

export function reportsOf(alarm: PageAlarm | undefined, past: readonly PageAlarm[], late: boolean): TvAlarm[] {
  const before = past.filter((a) => a.id !== alarm?.id).map((a) => toTv(a, false));
  return (alarm ? [toTv(alarm, late), ...before] : before).slice(0, REPORTS_AT_MOST);
}
