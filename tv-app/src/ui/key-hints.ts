/** What the keys do here: little key caps with words, set side by side. */
import { box, type Element, group, type Stage, snap } from './elements.ts';
import { type IconName, icon } from './icons.ts';
import { Label, measure } from './label.ts';
import { COLOR } from './theme.ts';

/** Without a text it is one more key for what the next hint says. */
export interface Hint {
  /** What stands on the key: a word or an arrow. */
  cap: string | { icon: IconName };
  text: string;
}

const CAP_H = 54;
const SIZE = 39;

/** A row of hints from `x`; returns where it ends. */
export function hintRow(stage: Stage, parent: Element, x: number, y: number, hints: readonly Hint[], color: number = COLOR.soft): number {
  let at = x;
  let end = x;
  for (const hint of hints) {
    end = hintAt(stage, parent, at, y, hint, color);
    at = end + (hint.text ? 42 : 0);
  }
  return end;
}

/** One hint; returns where it ends. */
export function hintAt(stage: Stage, parent: Element, x: number, y: number, hint: Hint, color: number): number {
  const root = group(stage, x, y);
  parent.childList.add(root);
  const word = typeof hint.cap === 'string' ? hint.cap : '';
  const capW = word ? snap(measure(word, 33, true) + 36) : 66;
  root.childList.add(box(stage, { x: 0, y: 0, w: capW, h: CAP_H, radius: 12, stroke: 3, strokeColor: COLOR.faint, color: COLOR.cardDark }));
  if (typeof hint.cap === 'string')
    new Label(stage, root, { x: 0, y: 4, w: capW, size: 33, bold: true, align: 'center', framed: true }).set(word);
  else root.childList.add(icon(stage, hint.cap.icon, 12, 6, 42, COLOR.white));
  new Label(stage, root, { x: capW + 15, y: 3, size: SIZE }).set(hint.text, color);
  return snap(x + capW + 15 + measure(hint.text, SIZE, false));
}
