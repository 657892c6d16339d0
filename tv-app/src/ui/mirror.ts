/**
 * The screen again as a few hidden elements: what a screen reader says, and what a test reads. The canvas itself says nothing.
 * Attributes on `#mirror`: data-page, data-link, data-centre, data-focused-camera, data-camera, data-picture (live, still, none), data-transport,
 * data-panel (holding, hint, alarm, test, dead-key), data-alarm-step, data-test (how far a test got), data-flash, data-alarm-id, data-case-no, data-folded, data-asking,
 * data-away (what does not work, by its name in words.ts AWAY, or link), data-sheet (menu, reports, …; empty on the wall), data-typed, data-offer (a camera id),
 * data-language, data-activation (typing, asking, wrong, too-many, offline; empty on a box with an account). Each `[data-tile]` has data-still-at, data-online; each `[data-row]` of a sheet its number key.
 */
import type { AlarmView } from '../state/alarm-panel-view.ts';
import { panelHeadline } from '../state/alarm-panel-view.ts';
import type { ScreenView } from '../state/screen-view.ts';
import { HOLD, language } from '../words.ts';

type Attributes = Record<string, string>;

export class Mirror {
  private readonly root: HTMLElement;
  private readonly headline: HTMLElement;
  private readonly detail: HTMLElement;
  private readonly list: HTMLElement;
  private readonly rows: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
    this.headline = root.appendChild(document.createElement('p'));
    this.headline.setAttribute('aria-live', 'assertive');
    this.headline.setAttribute('data-headline', '');
    this.detail = root.appendChild(document.createElement('p'));
    this.detail.setAttribute('aria-live', 'polite');
    this.detail.setAttribute('data-detail', '');
    this.list = root.appendChild(document.createElement('ul'));
    this.rows = root.appendChild(document.createElement('ol'));
  }

  /** `alarm`: the open alarm's view, folded or not. */
  update(view: ScreenView, alarm: AlarmView | undefined, link: string): void {
    const { panel, live } = view;
    set(this.root, {
      'data-page': view.page,
      'data-link': link,
      'data-centre': view.centre?.tone ?? '',
      'data-focused-camera': view.focusedCamera ?? '',
      'data-camera': live?.cameraId ?? '',
      'data-picture': live ? (live.status.tone === 'good' ? 'live' : live.showVideo || live.still ? 'still' : 'none') : '',
      'data-transport': view.transport ?? '',
      'data-activation': view.activation?.phase ?? '',
      'data-panel': panel?.kind ?? '',
      'data-alarm-step': alarm?.phase ?? 'none',
      'data-alarm-id': alarm?.alarmId ?? '',
      'data-case-no': alarm?.caseNo ?? '',
      'data-test': panel?.kind === 'test' ? panel.phase : '',
      'data-flash': view.flash ? 'broken' : '',
      'data-folded': String(view.strip !== undefined),
      'data-asking': String(view.asking !== undefined),
      'data-away': view.banner?.tone === 'bad' ? 'link' : (view.away?.kind ?? ''),
      'data-sheet': view.sheet && !view.live ? view.sheet.name : '',
      'data-typed': view.typed,
      'data-offer': live?.offer?.cameraId ?? '',
      'data-language': language,
    });
    text(this.headline, headline(view));
    text(this.detail, details(view).join('。'));
    this.updateRows(view);
    const tiles = view.page === 'wall' && !view.sheet ? view.wall.tiles : [];
    while (this.list.children.length > tiles.length) this.list.removeChild(this.list.lastChild!);
    tiles.forEach((tile, i) => {
      const item = (this.list.children[i] as HTMLElement | undefined) ?? this.list.appendChild(document.createElement('li'));
      set(item, {
        'data-tile': tile.cameraId,
        'data-still-at': tile.pictureAt === undefined ? '' : String(tile.pictureAt),
        'data-online': String(tile.online),
        'data-badge': tile.badge.text,
      });
      text(item, [tile.name, tile.distance, tile.badge.text].filter(Boolean).join(' '));
    });
  }

  private updateRows(view: ScreenView): void {
    const rows = view.sheet?.rows ?? [];
    while (this.rows.children.length > rows.length) this.rows.removeChild(this.rows.lastChild!);
    rows.forEach((row, i) => {
      const item = (this.rows.children[i] as HTMLElement | undefined) ?? this.rows.appendChild(document.createElement('li'));
      set(item, { 'data-row': String(row.digit ?? ''), 'data-row-focused': String(row.focused) });
      text(item, [row.label, row.detail].filter(Boolean).join(' '));
    });
  }
}

function headline(view: ScreenView): string {
  if (view.panel) return panelHeadline(view.panel);
  if (view.sheet && !view.live && !view.activation) return view.sheet.title;
  if (view.activation) return view.activation.forVillager;
  if (view.banner) return view.banner.text;
  if (view.strip) return view.strip.headline;
  return view.live ? `${view.live.name} ${view.live.status.text}` : '';
}

function details(view: ScreenView): string[] {
  const { panel } = view;
  const out: string[] = [];
  const { activation } = view;
  if (activation && !panel) {
    out.push(activation.call, activation.status, activation.digits.join(''), activation.warning);
    for (const row of activation.rows) out.push(`${row.name} ${row.value}`);
    return out.filter(Boolean);
  }
  if (panel?.kind === 'holding') out.push(panel.keep, panel.release);
  else if (panel) out.push(...panel.lines);
  if (panel?.kind === 'hint') out.push(HOLD.counted(panel.presses));
  if (panel?.kind === 'test') out.push(panel.back);
  if (panel?.kind === 'alarm') {
    if (panel.result) out.push(panel.result.text);
    if (panel.pressedAgain) out.push(panel.pressedAgain);
    if (panel.caseNo) out.push(panel.caseNo);
    if (panel.prompt) out.push(panel.prompt.title, ...panel.prompt.choices.map((c) => `${c.digit} ${c.label}`));
    else if (panel.note) out.push(panel.note);
    if (panel.back) out.push(panel.back);
  }
  if (panel) out.push(`${panel.phoneOwner} ${panel.phone}`);
  else out.push(view.banner?.call ?? view.phone);
  if (view.centre && !panel) out.push(view.centre.text);
  if (view.flash && !panel) out.push(view.flash);
  if (view.away && !panel) out.push(view.away.text, view.away.works);
  if (view.reminder && !panel) out.push(view.reminder);
  if (view.sheet && !panel) out.push(...view.sheet.lines, ...view.sheet.steps.map((s) => `${s.label} ${s.time}`));
  if (view.live?.offer) out.push(view.live.offer.text);
  if (view.live) out.push(view.live.pictureNote);
  else if (view.wall.note) out.push(view.wall.note);
  return out.filter(Boolean);
}

function set(element: HTMLElement, attributes: Attributes): void {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]!;
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

function text(element: HTMLElement, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}
