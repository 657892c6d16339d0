/** The menu and its sheets: large rows with the number key of each, a text to read, or the help's pictures. */
import type { ScreenView } from '../state/screen-view.ts';
import { ROWS_A_PAGE, type SheetRow, type SheetView } from '../state/sheet-view.ts';
import { box, type Element, group, reshape, type Stage, snap } from '../ui/elements.ts';
import { hintRow } from '../ui/key-hints.ts';
import { Label } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN } from '../ui/theme.ts';
import { ROW_H, Timeline } from '../ui/timeline.ts';
import { KEYS, NOTICES } from '../words.ts';
import { HelpPictures } from './help-pictures.ts';
import { NoticeText } from './notice-text.ts';

const W = SCREEN.w - 2 * MARGIN;
const TOP = 150;
const ROW = { h: 117, gap: 15 } as const;
/** Lines of a text under the rows, or in their place. */
const LINES = 2;

class Row {
  readonly root: Element;
  private readonly card: Element;
  private readonly cap: Element;
  private readonly digit: Label;
  private readonly label: Label;
  private readonly detail: Label;
  private readonly w: number;
  private look = '';

  constructor(stage: Stage, w: number) {
    this.w = w;
    this.root = group(stage);
    this.card = box(stage, { x: 0, y: 0, w, h: ROW.h, radius: 21, color: COLOR.card });
    this.cap = box(stage, { x: 24, y: 24, w: 69, h: 69, radius: 15, color: COLOR.amber });
    for (const element of [this.card, this.cap]) this.root.childList.add(element);
    this.digit = new Label(stage, this.cap, { x: 0, y: 3, w: 69, size: 48, bold: true, align: 'center', color: COLOR.ink, framed: true });
    this.label = new Label(stage, this.root, { x: 117, y: 24, w: w / 2 - 117, size: 54, bold: true });
    this.detail = new Label(stage, this.root, { x: w / 2, y: 27, w: w / 2 - 36, size: 45, align: 'right' });
  }

  update(row: SheetRow | undefined, y: number): void {
    this.root.visible = row !== undefined;
    if (!row) return;
    this.root.y = y;
    const look = [row.digit, row.label, row.detail, row.tone, row.focused].join('|');
    if (look === this.look) return;
    this.look = look;
    const tone = row.focused
      ? { plain: COLOR.ink, good: 0xff0b6b36, warn: 0xff8a4f00, bad: 0xffb3211f }[row.tone]
      : { plain: COLOR.soft, good: COLOR.green, warn: COLOR.amber, bad: COLOR.amber }[row.tone];
    reshape(this.card, this.w, ROW.h, row.focused ? COLOR.white : COLOR.card, 21, row.focused ? 9 : 0, COLOR.amber);
    this.cap.visible = row.digit !== undefined;
    this.digit.set(row.digit === undefined ? '' : String(row.digit));
    this.detail.set(row.detail, tone);
    this.label.fit(this.w - 117 - 36 - (row.detail ? snap(this.detail.width) + 36 : 0));
    this.label.set(row.label, row.focused ? COLOR.ink : COLOR.white);
  }
}

export class SheetPage {
  readonly root: Element;
  private readonly title: Label;
  private readonly time: Label;
  private readonly pageNote: Label;
  private readonly rows: Row[];
  private readonly short: Row[];
  private readonly lines: Label[];
  private readonly body: Label[];
  private readonly question: Label;
  private readonly result: Label;
  private readonly timeline: Timeline;
  private readonly notice: NoticeText;
  private readonly help: HelpPictures;
  private readonly hints: Record<SheetView['keys'], Element>;

  constructor(stage: Stage) {
    this.root = group(stage);
    this.title = new Label(stage, this.root, { x: MARGIN, y: 24, w: 1200, size: 66, bold: true });
    this.time = new Label(stage, this.root, { x: 1620, y: 18, w: 210, size: 72, bold: true, align: 'right', shrinkTo: 72 });
    this.pageNote = new Label(stage, this.root, { x: 1290, y: 42, w: 300, size: 42, align: 'right', color: COLOR.soft });
    this.rows = Array.from({ length: ROWS_A_PAGE }, () => new Row(stage, W));
    this.short = [0, 1, 2].map(() => new Row(stage, 780));
    for (const row of [...this.rows, ...this.short]) this.root.childList.add(row.root);
    for (const row of this.rows) row.root.x = MARGIN;
    for (const row of this.short) row.root.x = SCREEN.w - MARGIN - 780;
    this.lines = Array.from({ length: LINES }, () => new Label(stage, this.root, { x: MARGIN, y: 0, w: W, size: 51, shrinkTo: 42 }));
    const text = { size: 45, lineHeight: 60, color: COLOR.soft } as const;
    this.body = Array.from({ length: 4 }, () => new Label(stage, this.root, { ...text, x: 1050, y: 0, w: 780, lines: 2 }));
    // Right above its answers.
    this.question = new Label(stage, this.root, { ...text, x: 1050, y: 486, w: 780, color: COLOR.amber });
    this.result = new Label(stage, this.root, { ...text, x: MARGIN, y: 0, w: 840, lines: 7, shrinkTo: 36 });
    this.timeline = new Timeline(stage, MARGIN, TOP + 12, 840);
    this.root.childList.add(this.timeline.root);
    this.notice = new NoticeText(stage);
    this.root.childList.add(this.notice.root);
    this.help = new HelpPictures(stage);
    this.root.childList.add(this.help.root);
    const back = { cap: KEYS.back, text: KEYS.goBack };
    const sides = { icon: 'sides' } as const;
    const hints = (own: { cap: string | { icon: 'sides' }; text: string }[]) => {
      const root = group(stage, 0, 0);
      hintRow(stage, root, MARGIN, 975, [...own, back]);
      this.root.childList.add(root);
      return root;
    };
    this.hints = {
      choose: hints([{ cap: KEYS.numbers, text: KEYS.open }]),
      answer: hints([{ cap: KEYS.numbers, text: KEYS.answer }]),
      change: hints([{ cap: sides, text: KEYS.change }]),
      read: hints([]),
      listen: hints([{ cap: KEYS.ok, text: NOTICES.listen }]),
    };
  }

  update(view: ScreenView): void {
    const { sheet } = view;
    this.root.visible = sheet !== undefined;
    if (!sheet) return;
    this.title.set(sheet.title);
    this.time.set(view.time);
    this.pageNote.set(sheet.pageNote);
    for (const name of Object.keys(this.hints) as SheetView['keys'][]) this.hints[name].visible = name === sheet.keys;
    const report = sheet.name === 'report';
    this.rows.forEach((row, i) => {
      row.update(report ? undefined : sheet.rows[i], TOP + i * (ROW.h + ROW.gap));
    });
    this.short.forEach((row, i) => {
      row.update(report ? sheet.rows[i] : undefined, 558 + i * (ROW.h + ROW.gap));
    });
    this.timeline.root.visible = report;
    this.timeline.update(report ? sheet.steps : []);
    this.placeBody(report ? sheet : undefined);
    this.placeLines(report || sheet.notice ? [] : sheet.lines, sheet);
    this.notice.update(sheet);
    this.help.update(sheet.name === 'help', sheet.phone);
  }

  /** A report: how far it has got, beside its steps; what came of it, under them. */
  private placeBody(report: SheetView | undefined): void {
    const { lines, rows, steps, result } = report ?? { lines: [], rows: [], steps: [], result: '' };
    const said = lines.filter((line) => line !== result);
    this.question.set(rows.length > 0 ? (said.pop() ?? '') : '');
    let y = TOP;
    this.body.forEach((label, i) => {
      label.set(said[i] ?? '', i === 0 ? COLOR.white : COLOR.soft);
      label.moveTo(1050, y);
      y += label.lineCount * label.lineHeight + (label.lineCount > 0 ? 9 : 0);
    });
    this.result.set(result);
    this.result.moveTo(MARGIN, TOP + 48 + steps.length * ROW_H);
  }

  /** A text under the rows, or in their place. */
  private placeLines(lines: readonly string[], sheet: SheetView): void {
    let y = TOP + sheet.rows.length * (ROW.h + ROW.gap) + (sheet.rows.length > 0 ? 24 : 0);
    this.lines.forEach((label, i) => {
      label.set(lines[i] ?? '', COLOR.white);
      label.moveTo(MARGIN, y);
      y += label.lineHeight;
    });
  }
}
