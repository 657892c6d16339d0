/** The menu and the sheets behind it: what is on them, and what keys do. Free of any renderer. */
import type { Rating, TvAlarm, TvNotice, TvSettings } from '@shouwang/protocol';
import { noticePage } from '@shouwang/protocol/lines';
import type { Clock } from '../clock.ts';
import type { RemoteKey } from '../keys/key-tables.ts';
import type { LookKeeper } from '../services/look.ts';
import type { SeenNotices } from '../services/seen-notices.ts';
import type { TvLink } from '../services/tv-link.ts';
import { SCALES } from '../ui/theme.ts';
import { ABOUT, HELP, MENU, NOTICES, RATING, RATING_KEYS, REPORTS, SETTINGS, STATUS } from '../words.ts';
import { asksRating } from './alarm-truth.ts';
import { follows, knowsReports, mayReopen, outcome, reportLines, reportsOf } from './reports.ts';
import { follow, type Highlight, moveTo, type Row, rowOf } from './sheet-focus.ts';
import { type NoticeView, ROWS_A_PAGE, type SheetName, type SheetRow, type SheetView } from './sheet-view.ts';
import { type StatusSource, statusRows } from './status-rows.ts';
import { timeline } from './timeline.ts';
import { dayText, untilText } from './times.ts';

export interface SheetDeps {
  link: TvLink;
  clock: Clock;
  look: LookKeeper;
  seen: SeenNotices;
  /** What the sheet of what works is made from. */
  status(): StatusSource;
  phone(): string;
  /** Anything can be heard on this box; any text can be read aloud. */
  speaks(): boolean;
  reads(): boolean;
  /** Reads a text aloud, whatever the setting: somebody asked for it. */
  read(text: string): void;
  /** Stops reading. */
  hush(): void;
}

interface Text {
  lines: string[];
  pageNote: string;
  notice?: NoticeView;
}

/** `focus` of a notice: its page. */
interface Open extends Highlight {
  name: SheetName;
  /** Of a report or a notice. */
  id: string;
}

/** A test is due once a month. */
export const TEST_EVERY_MS = 30 * 86_400_000;
const SHEETS: readonly SheetName[] = ['reports', 'notices', 'help', 'settings', 'status'];

export class Sheets {
  private readonly deps: SheetDeps;
  /** From the menu down to the sheet on the screen, each with its highlight and what it is about. */
  private readonly stack: Open[] = [];
  /** The notice that is being read aloud, or was. */
  private reading: string | undefined;

  constructor(deps: SheetDeps) {
    this.deps = deps;
  }

  get isOpen(): boolean {
    return this.stack.length > 0;
  }

  /** ▲ has nowhere to go on the sheet itself. */
  get atTop(): boolean {
    return this.stack[this.stack.length - 1]?.focus === 0;
  }

  open(): void {
    if (!this.isOpen) this.push('menu');
  }

  close(): void {
    this.leave();
    this.stack.length = 0;
  }

  key(key: RemoteKey): void {
    const top = this.stack[this.stack.length - 1];
    if (!top) return;
    if (key === 'menu' || (key === 'digit0' && top.name === 'menu')) this.close();
    else if (key === 'back') this.back();
    else this.sheetKey(top, key);
  }

  private back(): void {
    this.leave();
    this.stack.pop();
  }

  /** A notice that is put away is not read on. */
  private leave(): void {
    if (this.stack[this.stack.length - 1]?.name === 'notice') this.hush();
  }

  /** No notice is read on: least of all into an alarm. */
  hush(): void {
    if (this.reading === undefined) return;
    this.reading = undefined;
    this.deps.hush();
  }

  /** Follows the link: one that was withdrawn or is over is not read to its end. */
  update(): void {
    if (this.reading !== undefined && !this.notice(this.reading)) this.hush();
  }

  private sheetKey(top: Open, key: RemoteKey): void {
    const step = key === 'up' ? -1 : key === 'down' ? 1 : 0;
    if (top.name === 'notice') {
      if (key === 'ok') this.readAloud(top.id);
      top.focus = Math.max(0, Math.min(this.noticePages(top.id) - 1, top.focus + step));
      return;
    }
    const rows = this.rows(top.name, top.id);
    follow(top, rows);
    if (step !== 0) moveTo(top, rows, top.focus + step);
    else if (key === 'ok') {
      if (rows[top.focus]?.digit === undefined) rows[top.focus]?.choose?.(key);
    } else if (key === 'left' || key === 'right') {
      if (top.name === 'settings') rows[top.focus]?.choose?.(key);
    } else if (key.indexOf('digit') === 0) {
      const first = Math.floor(top.focus / ROWS_A_PAGE) * ROWS_A_PAGE;
      const at = rowOf(rows, first, Number(key.slice(5)));
      if (!rows[at]?.choose) return;
      moveTo(top, rows, at);
      rows[at]!.choose!(key);
    }
  }

  view(): SheetView | undefined {
    const top = this.stack[this.stack.length - 1];
    if (!top) return undefined;
    const all = this.rows(top.name, top.id);
    if (top.name !== 'notice') follow(top, all);
    const first = Math.floor(top.focus / ROWS_A_PAGE) * ROWS_A_PAGE;
    const rows = all.slice(first, first + ROWS_A_PAGE).map(({ label, detail, tone, choose, digit }, i): SheetRow => {
      return {
        digit: choose ? (digit ?? i + 1) : undefined,
        label,
        detail,
        tone,
        focused: choose !== undefined && digit === undefined && first + i === top.focus,
      };
    });
    const text = this.lines(top.name, top.id, top.focus);
    const pages = Math.ceil(all.length / ROWS_A_PAGE);
    return {
      name: top.name,
      title: this.title(top.name),
      rows,
      lines: text.lines,
      notice: text.notice,
      steps: top.name === 'report' ? this.steps(top.id) : [],
      result: (top.name === 'report' && this.report(top.id)?.result) || '',
      pageNote: text.pageNote || (pages > 1 ? `${first / ROWS_A_PAGE + 1} / ${pages}` : ''),
      keys: this.keys(top, all),
      phone: this.deps.phone(),
    };
  }

  /** Notices that nobody has opened here. */
  unread(): number {
    return this.notices().filter((n) => !this.isRead(n)).length;
  }

  testDue(): boolean {
    const { state } = this.deps.link;
    if (!state || this.deps.link.status !== 'up' || !state.centre.connected) return false;
    return this.deps.clock.now() - (state.testedAt ?? 0) > TEST_EVERY_MS;
  }

  private keys({ name, id }: Open, rows: readonly Row[]): SheetView['keys'] {
    if (name === 'settings') return 'change';
    if (name === 'notice' && this.notice(id) && this.deps.reads()) return 'listen';
    if (!rows.some((r) => r.choose)) return 'read';
    return name === 'report' ? 'answer' : 'choose';
  }

  private push(name: SheetName, id = ''): void {
    this.stack.push({ name, focus: 0, id });
  }

  private title(name: SheetName): string {
    switch (name) {
      case 'reports':
      case 'report':
        return follows(this.deps.link.status, this.deps.link.state) ? REPORTS.title : REPORTS.lastKnown;
      case 'notices':
      case 'notice':
        return NOTICES.title;
      case 'help':
        return HELP.title;
      case 'settings':
        return SETTINGS.title;
      case 'status':
        return STATUS.title;
      default:
        return MENU.title;
    }
  }

  private rows(name: SheetName, id: string): Row[] {
    switch (name) {
      case 'menu':
        return this.menuRows();
      case 'reports':
        return this.reports().map((a) => ({
          id: a.id,
          label: `${untilText(a.pressedAt, this.deps.clock.now())}${a.about ? `　${ABOUT[a.about]}` : ''}`,
          detail: outcome(a, this.deps.link.state!, this.deps.link.status === 'up'),
          tone: asksRating(a) ? ('warn' as const) : ('plain' as const),
          choose: () => this.push('report', a.id),
        }));
      case 'report':
        return this.ratingRows(id);
      case 'notices':
        return this.notices().map((n) => ({
          id: n.id,
          label: n.title,
          detail: `${dayText(n.at)}　${this.isRead(n) ? NOTICES.read : NOTICES.unread}`,
          tone: this.isRead(n) ? ('plain' as const) : ('warn' as const),
          choose: () => this.openNotice(n),
        }));
      case 'settings':
        return this.settingRows();
      case 'status':
        return statusRows(this.deps.status());
      default:
        return [];
    }
  }

  private menuRows(): Row[] {
    const { link } = this.deps;
    const reports = this.reports();
    const open =
      reports.filter((a) => a.state !== 'closed' && !a.rejected && a.withdrawnAt === undefined).length + reports.filter(asksRating).length;
    const noReports = knowsReports(link.state) ? MENU.noReports : MENU.reportsUnknown;
    const notices = this.notices();
    const unread = this.unread();
    const due = this.testDue();
    const tested = link.state?.testedAt;
    const trouble = statusRows(this.deps.status()).some((r) => r.tone === 'bad' || r.tone === 'warn');
    const details: Record<string, { detail: string; warn: boolean }> = {
      reports: {
        detail: open > 0 ? MENU.openReports(open) : reports.length > 0 ? MENU.doneReports(reports.length) : noReports,
        warn: open > 0,
      },
      notices: {
        detail: unread > 0 ? MENU.newNotices(unread) : notices.length > 0 ? MENU.oldNotices(notices.length) : MENU.noNotices,
        warn: unread > 0,
      },
      status: { detail: trouble ? MENU.troubled : MENU.working, warn: trouble },
    };
    const sheet = (name: SheetName): Row => ({
      label: MENU[name as 'reports'],
      detail: details[name]?.detail ?? '',
      tone: details[name]?.warn ? 'warn' : 'plain',
      choose: () => this.push(name),
    });
    const test: Row = {
      label: MENU.test,
      detail: due ? MENU.testDue : tested === undefined ? '' : MENU.testedAt(dayText(tested)),
      tone: due ? 'warn' : 'plain',
      choose: () => {
        if (link.status === 'up') link.call('test', {}).catch(() => {});
        this.close();
      },
    };
    const rows = SHEETS.map(sheet);
    return [rows[0]!, rows[1]!, test, ...rows.slice(2)];
  }

  // --- reports ---

  private reports(): readonly TvAlarm[] {
    return reportsOf(this.deps.link.state);
  }

  private report(id: string): TvAlarm | undefined {
    return this.reports().filter((a) => a.id === id)[0];
  }

  private ratingRows(id: string): Row[] {
    const a = this.report(id);
    if (!a || this.deps.link.status !== 'up' || !(asksRating(a) || mayReopen(a))) return [];
    const offered: readonly { digit: number; rating: Rating }[] = RATING_KEYS;
    // After an answer only "not solved" still means something, by the same key as before.
    return offered
      .filter(({ rating }) => asksRating(a) || rating === 'unsolved')
      .map(({ digit, rating }) => ({
        ...(asksRating(a) ? {} : { digit }),
        label: RATING[rating],
        detail: '',
        tone: 'plain' as const,
        choose: () => void this.deps.link.call('rate', { rating, alarmId: a.id }).catch(() => {}),
      }));
  }

  private steps(id: string) {
    const a = this.report(id);
    return a ? timeline(a, this.deps.clock.now()) : [];
  }

  private lines(name: SheetName, id: string, focus: number): Text {
    const none = (text: string) => ({ lines: [text], pageNote: '' });
    if (name === 'reports' && !knowsReports(this.deps.link.state)) return none(REPORTS.unknown);
    if (name === 'reports' && this.reports().length === 0) return none(REPORTS.none);
    if (name === 'notices' && this.notices().length === 0) return none(NOTICES.none);
    if (name === 'settings') return none(this.deps.speaks() ? SETTINGS.saved : SETTINGS.noVoice);
    if (name === 'notice') return this.noticeLines(id, focus);
    const a = name === 'report' ? this.report(id) : undefined;
    return { lines: a ? reportLines(a, this.deps.link.state!, this.deps.link.status === 'up') : [], pageNote: '' };
  }

  // --- notices ---

  private notices(): readonly TvNotice[] {
    return this.deps.link.state?.notices ?? [];
  }

  /** undefined: it was withdrawn, or is over. */
  private notice(id: string): TvNotice | undefined {
    return this.notices().filter((n) => n.id === id)[0];
  }

  private isRead(notice: TvNotice): boolean {
    return notice.read === true || this.deps.seen.has(notice.id);
  }

  private openNotice(notice: TvNotice): void {
    this.deps.seen.add(notice.id);
    // Every screen of this box is to know; this one does, even where the box does not hear of it.
    if (notice.read !== true) this.deps.link.call('readNotice', { noticeId: notice.id }).catch(() => {});
    this.push('notice', notice.id);
    if (this.deps.look.look.voice === 'on') this.readAloud(notice.id);
  }

  private readAloud(id: string): void {
    const notice = this.notice(id);
    if (!notice) return;
    this.reading = id;
    this.deps.read(`${notice.title}。${notice.text}`);
  }

  private noticePages(id: string): number {
    const notice = this.notice(id);
    return notice ? noticePage(notice.text, 0, this.scale()).pages : 1;
  }

  private noticeLines(id: string, page: number): Text {
    const notice = this.notice(id);
    if (!notice) return { lines: [NOTICES.gone], pageNote: '' };
    const text = noticePage(notice.text, page, this.scale());
    const from = NOTICES.from(notice.from, dayText(notice.at));
    const more = text.pages > 1 ? NOTICES.page(text.page + 1, text.pages) : '';
    return {
      lines: [notice.title, from, ...text.lines, more].filter(Boolean),
      notice: { title: notice.title, from, text, more },
      pageNote: text.pages > 1 ? `${text.page + 1} / ${text.pages}` : '',
    };
  }

  private scale(): number {
    return SCALES[this.deps.look.look.type];
  }

  // --- settings ---

  private settingRows(): Row[] {
    const { look } = this.deps;
    const { type, contrast, language, voice } = look.look;
    const row = (name: keyof TvSettings, label: string, detail: string): Row => ({
      label,
      detail: `◀ ${detail} ▶`,
      tone: 'plain',
      choose: (key) => look.turn(name, key === 'left'),
    });
    return [
      row('type', SETTINGS.type, SETTINGS[type]),
      row('contrast', SETTINGS.contrast, SETTINGS[contrast]),
      row('language', SETTINGS.language, SETTINGS[language]),
      row('voice', SETTINGS.voice, SETTINGS[voice]),
    ];
  }
}
