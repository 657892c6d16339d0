/** Whom to ring, large, and the case number to say when somebody answers. */
import { type Element, group, Label, type Stage } from './elements.ts';
import { icon } from './icons.ts';
import { COLOR } from './theme.ts';

export class PhoneBlock {
  readonly root: Element;
  private readonly owner: Label;
  private readonly phone: Label;
  private readonly caseTitle: Label;
  private readonly caseNo: Label;

  constructor(stage: Stage, x: number, y: number, w: number, caseTitle: string) {
    this.root = group(stage, x, y);
    this.owner = new Label(stage, this.root, { x: 0, y: 0, w: 510, size: 36, color: COLOR.soft });
    this.root.childList.add(icon(stage, 'phone', 0, 60, 48, COLOR.amber));
    this.phone = new Label(stage, this.root, { x: 60, y: 42, w: w - 60, size: 63, bold: true, color: COLOR.amber });
    this.caseTitle = new Label(stage, this.root, { x: w - 285, y: 0, w: 285, size: 36, align: 'right', color: COLOR.soft });
    this.caseNo = new Label(stage, this.root, { x: w - 285, y: 54, w: 285, size: 42, bold: true, align: 'right' });
    this.title = caseTitle;
  }
  private readonly title: string;

  update(owner: string, phone: string, caseNo: string): void {
    this.owner.set(owner);
    this.phone.set(phone);
    this.caseTitle.set(caseNo ? this.title : '');
    this.caseNo.set(caseNo);
  }
}
