/** The open alarm: what is true now, how it got there, whom to ring, what may be answered. */
import type { AlarmView } from '../state/alarm-panel-view.ts';
import { chips, largeRows } from '../ui/choices.ts';
import { box, type Element, group, type Stage, snap } from '../ui/elements.ts';
import { hintAt } from '../ui/key-hints.ts';
import { Label } from '../ui/label.ts';
import { PhoneBlock } from '../ui/phone-block.ts';
import { ResultText } from '../ui/result-text.ts';
import { COLOR, PANEL, TONE_COLOR } from '../ui/theme.ts';
import { Timeline } from '../ui/timeline.ts';
import { WithdrawBlock } from '../ui/withdraw-block.ts';
import { ALARM, KEYS } from '../words.ts';

const W = PANEL.w - 2 * PANEL.pad;
const BAND_H = 297;
const AGAIN_H = 66;
const FOOT_Y = 999;
const HEAD = 93;
const LINE = 57;

export class AlarmBody {
  readonly root: Element;
  private readonly stage: Stage;
  private readonly band: Element;
  private readonly headline: Label;
  private readonly lines: Label[];
  private readonly result: ResultText;
  private readonly timeline: Timeline;
  /** That the key was pressed once more: right under the band, where nothing takes its place. */
  private readonly pressed: { root: Element; text: Label };
  private readonly phone: PhoneBlock;
  private readonly promptTitle: Label;
  private readonly promptRoot: Element;
  private readonly foot: Element;
  private readonly again: { root: Element; bar: Element; text: Label };
  private readonly withdraw: WithdrawBlock;
  private promptLook = '';
  private footLook: string | undefined = '';

  constructor(stage: Stage) {
    this.stage = stage;
    this.root = group(stage);
    this.band = box(stage, { x: 0, y: 0, w: PANEL.w, h: BAND_H, color: TONE_COLOR.waiting });
    this.root.childList.add(this.band);
    this.headline = new Label(stage, this.root, { x: PANEL.pad, y: 48, w: W, lines: 2, size: 72, bold: true, lineHeight: HEAD });
    this.lines = [0, 1].map(() => new Label(stage, this.root, { x: PANEL.pad, y: 0, w: W, lines: 2, size: 42, lineHeight: LINE }));
    this.result = new ResultText(stage, PANEL.pad);
    this.root.childList.add(this.result.root);
    const body = group(stage, PANEL.pad, 0);
    this.root.childList.add(body);
    const pressed = box(stage, { x: 0, y: BAND_H, w: PANEL.w, h: AGAIN_H, color: COLOR.amber });
    const text = new Label(stage, pressed, { x: PANEL.pad, y: 4, w: W, size: 42, bold: true, color: COLOR.ink, shrinkTo: 36 });
    this.pressed = { root: pressed, text };
    this.root.childList.add(pressed);
    this.timeline = new Timeline(stage, 0, BAND_H + 21, W);
    this.promptTitle = new Label(stage, body, { x: 0, y: 0, w: W, size: 42, shrinkTo: 36 });
    this.promptRoot = group(stage);
    this.phone = new PhoneBlock(stage, W, ALARM.caseNo);
    this.foot = group(stage, 0, FOOT_Y);
    const again = group(stage, 0, 690);
    const track = box(stage, { x: 0, y: 66, w: W, h: 24, color: COLOR.card });
    const bar = box(stage, { x: 0, y: 66, w: 1, h: 24, color: COLOR.red });
    for (const element of [track, bar]) again.childList.add(element);
    this.again = { root: again, bar, text: new Label(stage, again, { x: 0, y: 0, w: W, size: 42, bold: true }) };
    this.withdraw = new WithdrawBlock(stage, 0, 648, W);
    for (const element of [this.timeline.root, this.promptRoot, this.phone.root, this.foot, again, this.withdraw.root])
      body.childList.add(element);
  }

  update(view: AlarmView): void {
    this.band.color = TONE_COLOR[view.tone];
    this.headline.set(view.headline);
    this.band.h = BAND_H;
    this.placeLines(view);
    const rating = view.prompt?.kind === 'rating';
    this.timeline.root.visible = !rating && !view.result;
    this.timeline.root.y = BAND_H + (view.pressedAgain ? AGAIN_H + 15 : 21);
    this.timeline.update(view.steps);
    this.pressed.root.visible = view.pressedAgain !== '';
    this.pressed.text.set(view.pressedAgain);
    const withdraw = view.again ? undefined : view.withdrawIn;
    this.withdraw.update(withdraw);
    const alone = view.prompt === undefined && view.note === '' && view.again === undefined && withdraw === undefined;
    this.phone.update(view.phoneOwner, view.phone, view.caseNo, alone);
    this.again.root.visible = view.again !== undefined;
    this.again.text.set(view.again?.text ?? '');
    this.promptTitle.element.y = snap(rating ? this.band.h + 12 : 657);
    const hidden = view.again !== undefined || withdraw !== undefined;
    this.promptTitle.set(hidden ? '' : (view.prompt?.title ?? view.note));
    this.placePrompt(hidden ? undefined : view.prompt, rating);
    if (rating) this.promptRoot.y = this.promptTitle.element.y + 63;
    this.placeFoot(withdraw === undefined ? view.back : undefined);
  }

  /** The bar of a second press. `progress` from 0 to 1. */
  tick(progress: number): void {
    this.again.bar.w = Math.max(1, Math.round(W * Math.max(0, Math.min(1, progress))));
  }

  private placeLines({ lines, result }: AlarmView): void {
    const most = this.headline.lineCount > 1 || lines.length > 1 ? 1 : 2;
    this.lines.forEach((label, i) => {
      label.keepTo(most);
      label.set(lines[i] ?? '');
    });
    const rows = this.lines[0]!.lineCount + this.lines[1]!.lineCount;
    const resultH = this.result.update(result);
    const height = this.headline.lineCount * HEAD + (rows > 0 ? 12 + rows * LINE : 0) + (result ? 12 + resultH : 0);
    let y = snap(Math.max(result ? 18 : 24, (BAND_H - height) / 2));
    this.headline.moveTo(PANEL.pad, y);
    y += this.headline.lineCount * HEAD + 12;
    for (const label of this.lines) {
      label.moveTo(PANEL.pad, y);
      y += label.lineCount * LINE;
    }
    this.result.root.y = y;
    // A long result makes the band as high as it needs; the answers below have the room.
    if (result) this.band.h = snap(Math.max(BAND_H, y + resultH + 9));
  }

  private placePrompt(prompt: AlarmView['prompt'], rating: boolean): void {
    const look = prompt ? `${prompt.kind} ${prompt.chosen ?? ''}` : '';
    if (look === this.promptLook) return;
    this.promptLook = look;
    this.promptRoot.childList.clear();
    if (!prompt) return;
    this.promptRoot.y = 714;
    this.promptRoot.childList.add(rating ? largeRows(this.stage, prompt.choices, W) : chips(this.stage, prompt.choices, W, prompt.chosen));
  }

  private placeFoot(back: string | undefined): void {
    if (back === this.footLook) return;
    this.footLook = back;
    this.foot.childList.clear();
    if (back !== undefined) hintAt(this.stage, this.foot, 0, 0, { cap: KEYS.back, text: back }, COLOR.white);
  }
}
