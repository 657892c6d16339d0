/** Whom to ring, and the case number to say when somebody answers. Very large where nothing else has to be read. */
import { type Element, group, type Stage } from './elements.ts';
import { icon } from './icons.ts';
import { Label } from './label.ts';
import { COLOR } from './theme.ts';

const Y = 867;
const LARGE_Y = 678;

export class PhoneBlock {
  readonly root: Element;
  private readonly caseTitle: string;
  private readonly small: { root: Element; owner: Label; phone: Label };
  private readonly large: { root: Element; owner: Label; phone: Label };
  private readonly caseRow: Label;
  private readonly caseLabels: [Label, Label];

  /** `w`: the width it may take. */
  constructor(stage: Stage, w: number, caseTitle: string) {
    this.caseTitle = caseTitle;
    this.root = group(stage);
    this.small = part(stage, this.root, Y, w, 36, 57, 45, 324);
    this.large = part(stage, this.root, LARGE_Y, w, 42, 93, 78, 0);
    this.caseLabels = [
      new Label(stage, this.root, { x: w - 315, y: Y, w: 315, size: 36, align: 'right', color: COLOR.soft }),
      new Label(stage, this.root, { x: w - 315, y: Y + 51, w: 315, size: 42, bold: true, align: 'right' }),
    ];
    this.caseRow = new Label(stage, this.root, { x: 0, y: Y + 21, w, size: 45, bold: true, color: COLOR.soft });
  }

  /** `alone`: there is room, the number may be very large. */
  update(owner: string, phone: string, caseNo: string, alone: boolean): void {
    this.small.root.visible = !alone;
    this.large.root.visible = alone;
    for (const { owner: label, phone: number } of [this.small, this.large]) {
      label.set(owner);
      number.set(phone);
    }
    this.caseLabels[0].set(caseNo && !alone ? this.caseTitle : '');
    this.caseLabels[1].set(alone ? '' : caseNo);
    this.caseRow.set(caseNo && alone ? `${this.caseTitle} ${caseNo}` : '');
  }
}

/** `kept`: width to leave free at the right of the number. */
function part(stage: Stage, parent: Element, y: number, w: number, ownerSize: number, size: number, iconSize: number, kept: number) {
  const root = group(stage, 0, y);
  parent.childList.add(root);
  const owner = new Label(stage, root, { x: 0, y: 0, w, size: ownerSize, color: COLOR.soft });
  const top = owner.lineHeight;
  const phone = new Label(stage, root, {
    x: iconSize + 18,
    y: top - 6,
    w: w - iconSize - 18 - kept,
    size,
    bold: true,
    color: COLOR.amber,
    shrinkTo: 42,
  });
  root.childList.add(icon(stage, 'phone', 0, top - 6 + Math.round((phone.lineHeight - iconSize) / 6) * 3, iconSize, COLOR.amber));
  return { root, owner, phone };
}
