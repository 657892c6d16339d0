/** Things to answer with a number key: chips that flow in rows, or large rows one under the other. */
import type { Choice } from '../state/alarm-panel-view.ts';
import { box, type Element, group, type Stage, snap } from './elements.ts';
import { Label, measure } from './label.ts';
import { COLOR } from './theme.ts';

/** Small chips, as many in a row as fit `w`; the one that was `chosen` is white. */
export function chips(stage: Stage, choices: readonly Choice[], w: number, chosen?: number): Element {
  const root = group(stage);
  let x = 0;
  let y = 0;
  for (const { digit, label } of choices) {
    const chipW = snap(81 + measure(label, 48, true) + 21);
    if (x + chipW > w) {
      x = 0;
      y += 75;
    }
    const said = digit === chosen;
    const chip = box(stage, { x, y, w: chipW, h: 66, radius: 15, color: said ? COLOR.white : COLOR.card });
    cap(stage, chip, 6, 6, 54, digit, 48);
    new Label(stage, chip, { x: 75, y: 0, size: 48, bold: true, color: said ? COLOR.ink : COLOR.white }).set(label);
    root.childList.add(chip);
    x += chipW + 15;
  }
  return root;
}

/** Large rows over the width. */
export function largeRows(stage: Stage, choices: readonly Choice[], w: number): Element {
  const root = group(stage);
  choices.forEach(({ digit, label }, i) => {
    const row = box(stage, { x: 0, y: i * 87, w, h: 75, radius: 18, color: COLOR.card });
    cap(stage, row, 9, 9, 57, digit, 48);
    new Label(stage, row, { x: 90, y: 3, w: w - 108, size: 48, bold: true }).set(label);
    root.childList.add(row);
  });
  return root;
}

function cap(stage: Stage, parent: Element, x: number, y: number, size: number, digit: number, font: number): void {
  const element = box(stage, { x, y, w: size, h: size, radius: 12, color: COLOR.amber });
  const lineHeight = snap(font * 1.35);
  new Label(stage, element, {
    x: 0,
    y: (size - lineHeight) / 2 + font * 0.03,
    w: size,
    size: font,
    bold: true,
    align: 'center',
    color: COLOR.ink,
    framed: true,
  }).set(String(digit));
  parent.childList.add(element);
}
