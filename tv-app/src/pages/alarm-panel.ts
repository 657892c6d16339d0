/** The right-hand panel: the key being held, how to hold it, the alarm, a test, or that the key did nothing. */
import type { DeadKeyView, HintView, HoldingView, PanelView } from '../state/alarm-panel-view.ts';
import type { TestView } from '../state/test-view.ts';
import { box, type Element, group, type Stage } from '../ui/elements.ts';
import { HoldDial } from '../ui/hold-dial.ts';
import { hintAt } from '../ui/key-hints.ts';
import { Label } from '../ui/label.ts';
import { PhoneBlock } from '../ui/phone-block.ts';
import { COLOR, PANEL, SCREEN, TONE_COLOR } from '../ui/theme.ts';
import { BACK, KEYS } from '../words.ts';
import { AlarmBody } from './alarm-body.ts';

const W = PANEL.w - 2 * PANEL.pad;

export class AlarmPanel {
  readonly root: Element;
  private readonly dim: Element;
  private readonly back: Element;
  private readonly alarm: AlarmBody;
  private readonly plain: Element;
  private readonly title: Label;
  private readonly lines: Label[];
  private readonly phone: PhoneBlock;
  private readonly dial: HoldDial;
  private readonly dialWords: Label[];
  private readonly close: Element;
  private readonly key: Element;
  /** How many of three presses were counted. */
  private readonly dots: Element[];
  private view: PanelView | undefined;

  constructor(stage: Stage) {
    this.root = group(stage);
    this.dim = box(stage, { x: 0, y: 0, w: PANEL.x, h: SCREEN.h, color: 0xa6050b14 });
    const panel = group(stage, PANEL.x);
    this.back = box(stage, { x: 0, y: 0, w: PANEL.w, h: SCREEN.h, color: COLOR.night });
    this.alarm = new AlarmBody(stage);
    this.plain = group(stage, PANEL.pad);
    this.title = new Label(stage, this.plain, { x: 0, y: 78, w: W, size: 96, bold: true, align: 'center', shrinkTo: 72 });
    this.lines = [0, 1].map(
      () => new Label(stage, this.plain, { x: 0, y: 510, w: W, lines: 2, size: 69, bold: true, align: 'center', lineHeight: 99 }),
    );
    this.dial = new HoldDial(stage, W / 2, 450, 216);
    this.dialWords = [
      new Label(stage, this.plain, { x: 0, y: 696, w: W, size: 66, bold: true, align: 'center' }),
      new Label(stage, this.plain, { x: 0, y: 780, w: W, size: 42, align: 'center', color: 0xffffd9d4 }),
    ];
    this.phone = new PhoneBlock(stage, W, '');
    this.key = box(stage, { x: (W - 276) / 2, y: 288, w: 276, h: 162, radius: 36, stroke: 12, strokeColor: COLOR.white, color: COLOR.red });
    this.dots = [0, 1, 2].map((i) => box(stage, { x: (W - 276) / 2 + 54 + i * 66, y: 468, w: 36, h: 36, radius: 16, color: COLOR.white }));
    this.close = group(stage, 0, 999);
    hintAt(stage, this.close, 0, 0, { cap: KEYS.back, text: BACK.close }, COLOR.white);
    for (const element of [this.dial.root, this.phone.root, this.close, this.key, ...this.dots]) this.plain.childList.add(element);
    for (const element of [this.back, this.plain, this.alarm.root]) panel.childList.add(element);
    for (const element of [this.dim, panel]) this.root.childList.add(element);
  }

  /** `overPicture`: a live picture lies beside the panel and must stay bright. */
  update(view: PanelView | undefined, overPicture: boolean, now: number): void {
    this.view = view;
    this.root.visible = view !== undefined;
    if (!view) return;
    this.dim.visible = !overPicture;
    this.alarm.root.visible = view.kind === 'alarm';
    this.plain.visible = view.kind !== 'alarm';
    if (view.kind === 'alarm') {
      this.back.color = COLOR.night;
      this.alarm.update(view);
    } else this.updatePlain(view);
    this.tick(now);
  }

  /** Moves what moves by itself: call each frame. Returns whether anything does. */
  tick(now: number): boolean {
    const view = this.view;
    const running = view?.kind === 'holding' ? view : view?.kind === 'alarm' ? view.again : undefined;
    if (!running) return false;
    const held = now - running.since;
    if (view?.kind === 'holding') this.dial.update(held / running.holdMs, running.holdMs - held);
    else this.alarm.tick(held / running.holdMs);
    return true;
  }

  private updatePlain(view: HoldingView | HintView | TestView | DeadKeyView): void {
    this.back.color = view.kind === 'hint' ? 0xff123257 : view.kind === 'test' ? TONE_COLOR[view.tone] : COLOR.redDeep;
    this.title.set(view.title);
    const holding = view.kind === 'holding';
    this.dial.root.visible = holding;
    this.dialWords[0]!.set(holding ? view.keep : '');
    this.dialWords[1]!.set(holding ? view.release : '');
    this.lines.forEach((label, i) => {
      label.set(holding ? '' : (view.lines[i] ?? ''));
      label.moveTo(0, (view.kind === 'hint' ? 525 : 327) + i * 117);
    });
    this.close.visible = view.kind === 'dead-key' || view.kind === 'test';
    this.key.visible = view.kind === 'hint';
    this.dots.forEach((dot, i) => {
      dot.visible = view.kind === 'hint';
      dot.alpha = view.kind === 'hint' && i < view.presses ? 1 : 0.3;
    });
    this.phone.root.y = holding ? 174 : 105;
    this.phone.update(view.phoneOwner, view.phone, '', true);
  }
}
