/** A notice of the township: its title, who says it and when, and a page of its text in letters of one size. */
import { noticeSizes } from '@shouwang/protocol/lines';
import type { SheetView } from '../state/sheet-view.ts';
import { type Element, group, type Stage } from '../ui/elements.ts';
import { Label } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN, TYPE } from '../ui/theme.ts';

const W = SCREEN.w - 2 * MARGIN;
const TOP = 156;
const TEXT = 312;
/** At the smallest size. */
const LINES = 11;

export class NoticeText {
  readonly root: Element;
  private readonly title: Label;
  private readonly from: Label;
  private readonly more: Label;
  /** By the size of the text. */
  private readonly sets: { size: number; lines: Label[] }[];

  constructor(stage: Stage) {
    this.root = group(stage);
    this.title = new Label(stage, this.root, { x: MARGIN, y: TOP, w: W, size: 60, bold: true, color: COLOR.amber });
    this.from = new Label(stage, this.root, { x: MARGIN, y: TOP + 84, w: W, size: 45, color: COLOR.soft });
    this.sets = noticeSizes(TYPE.scale).map((size) => ({
      size,
      // What large type makes of it was counted when the text was broken into lines.
      lines: Array.from({ length: LINES }, () => new Label(stage, this.root, { x: MARGIN, y: TEXT, w: W, size, framed: true })),
    }));
    this.more = new Label(stage, this.root, { x: MARGIN, y: TEXT, w: W, size: 42, color: COLOR.amber });
  }

  update(sheet: SheetView): void {
    const { notice } = sheet;
    this.root.visible = notice !== undefined;
    if (!notice) return;
    this.title.set(notice.title);
    this.from.set(notice.from);
    for (const { size, lines } of this.sets)
      lines.forEach((label, i) => {
        label.set(size === notice.text.size ? (notice.text.lines[i] ?? '') : '');
        label.moveTo(MARGIN, TEXT + i * notice.text.lineHeight);
      });
    this.more.set(notice.more);
    this.more.moveTo(MARGIN, TEXT + notice.text.lines.length * notice.text.lineHeight);
  }
}
