/** The result of a closed case, line by line as it was broken, and which page of it this is. */
import type { ResultView } from '../state/result-pages.ts';
import { ALARM } from '../words.ts';
import { type Element, group, type Stage } from './elements.ts';
import { Label } from './label.ts';
import { COLOR } from './theme.ts';

export class ResultText {
  readonly root: Element;
  private readonly stage: Stage;
  private look = '';

  constructor(stage: Stage, x: number) {
    this.stage = stage;
    this.root = group(stage, x);
  }

  /** Draws it; returns how high it is. */
  update(view: ResultView | undefined): number {
    const rows = view ? view.lines.length + (view.pages > 1 ? 1 : 0) : 0;
    const look = view ? `${view.page}|${view.pages}|${view.text}` : '';
    if (look !== this.look) {
      this.look = look;
      this.root.childList.clear();
      if (view) this.draw(view);
    }
    return view ? rows * view.lineHeight : 0;
  }

  private draw({ lines, size, lineHeight, page, pages }: ResultView): void {
    lines.forEach((line, i) => {
      new Label(this.stage, this.root, { x: 0, y: i * lineHeight, size, lineHeight }).set(line);
    });
    if (pages < 2) return;
    // At one place on every page.
    const spec = { x: 0, y: lines.length * lineHeight, size, lineHeight, bold: true, color: COLOR.amber };
    new Label(this.stage, this.root, spec).set(ALARM.resultPage(page + 1, pages));
  }
}
