/** What a notice of the township needs before it can be sent. Pure. */
import type { NoticeArea } from '@shouwang/protocol';
import { cleanText } from './clean-text.ts';

const DAY_MS = 86_400_000;
/** How long a notice stands, counted in evenings from today's. */
const STANDS: readonly { zh: string; days: number }[] = [
  { zh: '今天', days: 0 },
  { zh: '三天', days: 3 },
  { zh: '一周', days: 7 },
  { zh: '一个月', days: 30 },
];

/** The last minute of the day, `days` days from the one of `now`, on this machine's clock; ms. */
export function endOfDay(now: number, days: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, 23, 59).getTime();
}

/** The times that a form offers: of those, what the centre takes. `maxDays`: of its configuration. */
export function proposedEnds(now: number, maxDays: number): { zh: string; at: number }[] {
  return STANDS.map(({ zh, days }) => ({ zh, at: endOfDay(now, days) })).filter(({ at }) => at > now && at <= now + maxDays * DAY_MS);
}

/** The smallest area in which everybody is: where a notice goes unless another was chosen. */
export function everybody(areas: readonly NoticeArea[]): string | undefined {
  const most = Math.max(...areas.map((a) => a.boxes));
  // Below the township nobody means "all".
  const around = areas.filter((a) => a.boxes === most && a.area.length <= 9);
  return (around.at(-1) ?? areas[0])?.area;
}

/** As the protocol takes it, also what was pasted; without blanks at the ends of lines and more than one empty line: on the TV each takes a line. */
export function noticeText(text: string): string {
  const plain = text.replace(/[\u2028\u2029]/g, '\n').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return cleanText(plain)
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
}

/** The same in one line. */
export function noticeTitle(title: string): string {
  return noticeText(title).replace(/\n+/g, ' ');
}

/** What was written so far. */
export interface NoticeDraft {
  /** undefined: everybody. */
  area: string | undefined;
  title: string;
  text: string;
  /** ms; undefined: not chosen. */
  until: number | undefined;
  /** As what it was sent while nobody knows whether it arrived: the same content is the same notice. */
  sent?: { content: string; id: string } | undefined;
}

/** Nothing yet, for a week. `now`: ms. */
export function newDraft(now: number): NoticeDraft {
  return { area: undefined, title: '', text: '', until: endOfDay(now, 7) };
}

/** What still has to be filled in, in words; undefined: it can be sent. `maxDays`: of the centre's configuration. */
export function whatIsMissing({ area, title, text, until }: Omit<NoticeDraft, 'sent'>, now: number, maxDays: number): string | undefined {
  if (area === undefined) return '还没有登记机顶盒';
  if (noticeTitle(title) === '') return '请写标题';
  if (noticeText(text) === '') return '请写内容';
  if (until === undefined) return '请选显示到什么时候';
  if (until <= now) return '这个时间已经过了';
  return until > now + maxDays * DAY_MS ? `最多显示 ${maxDays} 天` : undefined;
}
