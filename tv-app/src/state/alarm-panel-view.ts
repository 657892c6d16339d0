/** The alarm panel as it is drawn: holding, the hint, the alarm itself, a test, or that the key did nothing. Pure. */
import type { TvAlarm, TvState } from '@shouwang/protocol';
import type { LinkStatus } from '../services/tv-link.ts';
import { ABOUT, ABOUT_KEYS, ALARM, BACK, DEAD_KEY, HOLD, PROMPT, RATING, RATING_KEYS } from '../words.ts';
import { type AlarmPhase, alarmTruth, asksAbout, asksRating, isOver, mayDismiss, mayWithdraw, type Tone } from './alarm-truth.ts';
import { type ResultView, resultView } from './result-pages.ts';
import { type TestView, testView } from './test-view.ts';
import { type StepView, timeline } from './timeline.ts';
import { pastText } from './times.ts';

export interface Choice {
  digit: number;
  label: string;
}
export interface HoldingView {
  kind: 'holding';
  /** When the key went down, by the page's clock, and how long it has to stay down, ms. */
  since: number;
  holdMs: number;
  title: string;
  keep: string;
  release: string;
  phone: string;
  phoneOwner: string;
}
export interface HintView {
  kind: 'hint';
  /** How often the key was pressed so far; three make an alarm. */
  presses: number;
  title: string;
  lines: string[];
  phone: string;
  phoneOwner: string;
}
export interface AlarmView {
  kind: 'alarm';
  alarmId: string;
  phase: AlarmPhase;
  tone: Tone;
  headline: string;
  lines: string[];
  /** What came of it, page by page. */
  result: ResultView | undefined;
  steps: StepView[];
  caseNo: string;
  phone: string;
  phoneOwner: string;
  /** Choices by number key, never demanded (about) or asked once (rating). */
  prompt: { kind: 'about' | 'rating'; title: string; choices: Choice[]; chosen: number | undefined } | undefined;
  /** What was said or pressed in addition. */
  note: string;
  /** The last second press, and whether the centre knows of it; empty where there was none. */
  pressedAgain: string;
  /** Seconds for which the back key still withdraws it quietly; undefined when it does no longer. */
  withdrawIn: number | undefined;
  /** What the back key does; undefined where it does nothing. */
  back: string | undefined;
  /** The second press in progress. */
  again: { since: number; holdMs: number; text: string } | undefined;
  /** Changes whenever something new is true, or of another alarm: a folded panel opens again. */
  news: string;
}
export interface DeadKeyView {
  kind: 'dead-key';
  title: string;
  lines: string[];
  phone: string;
  phoneOwner: string;
  back: string;
}
export type PanelView = HoldingView | HintView | AlarmView | TestView | DeadKeyView;

export interface PanelSource {
  state: TvState | undefined;
  status: LinkStatus;
  centre: { name: string; phone: string };
  /** The alarm key was pressed while the bridge could not be told. */
  deadKey: boolean;
  /** By the bridge's clock, ms. */
  bridgeNow: number;
  /** The back key has just come too late to withdraw it. */
  tooLate: boolean;
  /** Which page of a long result is read; from 0. */
  resultPage: number;
  /** page clock − bridge clock, ms. */
  toPageClock: number;
}

/** So long after letting go one more press still counts with those before (the bridge: three in 3 s). */
const ONE_MORE_MS = 2_000;

/** Undefined when there is nothing about an alarm to show. */
export function alarmPanelView(source: PanelSource): PanelView | undefined {
  const { state, status, centre } = source;
  const whom = { phone: centre.phone, phoneOwner: ALARM.phone(centre.name) };
  const open = state?.alarm !== undefined && !isOver(state.alarm);
  // With an alarm open the first press did get out: then only the banner and the panel's own lines speak.
  if (source.deadKey && !open) {
    const lines = status === 'up' ? [...DEAD_KEY.back] : [DEAD_KEY.body, ALARM.callNow];
    return { kind: 'dead-key', title: DEAD_KEY.title, lines, ...whom, back: BACK.close };
  }
  if (!state) return undefined;
  const gesture = state.gesture;

  const oneMore = gesture !== undefined && gesture.presses >= 2;
  if (gesture?.kind === 'holding' && !open)
    return {
      kind: 'holding',
      since: gesture.since + source.toPageClock,
      holdMs: gesture.holdMs,
      title: oneMore ? HOLD.oneMore : HOLD.title,
      keep: oneMore ? HOLD.keepInstead : HOLD.keep,
      release: oneMore ? '' : HOLD.release,
      ...whom,
    };
  if (gesture?.kind === 'hint' && !open) {
    const soon = oneMore && source.bridgeNow - gesture.since < ONE_MORE_MS;
    const presses = Math.min(3, gesture.presses);
    const lines = [HOLD.hint, HOLD.hintTriple];
    return { kind: 'hint', presses, title: soon ? HOLD.oneMore : HOLD.hintTitle, lines, ...whom };
  }
  // A test gives way to an alarm that is open.
  if (state.test && !open) return testView(state, state.test, status === 'up');
  return state.alarm ? alarmView(state, state.alarm, source) : undefined;
}

function alarmView(state: TvState, alarm: TvAlarm, source: PanelSource): AlarmView {
  const truth = alarmTruth(state, alarm, source.status === 'up');
  const gesture = state.gesture;
  const pressedAgain = pressedAgainText(alarm, source);
  const again =
    gesture?.kind === 'holding' ? { since: gesture.since + source.toPageClock, holdMs: gesture.holdMs, text: ALARM.holdAgain } : undefined;
  return {
    kind: 'alarm',
    alarmId: alarm.id,
    phase: truth.phase,
    tone: truth.tone,
    headline: truth.headline,
    lines: truth.lines,
    result: resultView(truth.result, source.resultPage),
    steps: shortened(timeline(alarm, source.bridgeNow), pressedAgain !== ''),
    caseNo: alarm.caseNo ?? '',
    phone: truth.phone || source.centre.phone,
    phoneOwner: ALARM.phone(truth.phoneOwner),
    prompt: prompt(alarm, source),
    note: note(alarm, source),
    pressedAgain,
    withdrawIn: secondsToWithdraw(alarm, source.bridgeNow, source.status),
    back: backWords(alarm, source.bridgeNow, source.status),
    again,
    news: [alarm.id, truth.phase, truth.headline, alarm.escalatedAt, alarm.late, alarm.pressedAgainAt, alarm.extendedUntil].join('|'),
  };
}

function prompt(alarm: TvAlarm, { status, tooLate }: PanelSource): AlarmView['prompt'] {
  // Without the bridge a number key could not be passed on: it is not offered.
  if (status !== 'up') return undefined;
  if (asksRating(alarm)) return { kind: 'rating', title: PROMPT.rating, choices: ratingChoices(), chosen: undefined };
  if (!asksAbout(alarm)) return undefined;
  // Said already, the keys stay: whoever said it wrongly has to see which one is right.
  return {
    kind: 'about',
    title: tooLate ? BACK.tooLate : alarm.about ? PROMPT.aboutSaid(ABOUT[alarm.about]) : PROMPT.about,
    choices: ABOUT_KEYS.map(({ digit, about }) => ({ digit, label: ABOUT[about] })),
    chosen: ABOUT_KEYS.filter(({ about }) => about === alarm.about)[0]?.digit,
  };
}

export function ratingChoices(): Choice[] {
  return RATING_KEYS.map(({ digit, rating }) => ({ digit, label: RATING[rating] }));
}

function pressedAgainText(alarm: TvAlarm, source: PanelSource): string {
  if (alarm.pressedAgainAt === undefined || isOver(alarm)) return '';
  const known = alarm.pressedAgainReceived === true;
  const words = known ? ALARM.pressedAgainKnown : source.status === 'up' ? ALARM.pressedAgain : ALARM.pressedAgainCut;
  return `${words} ${pastText(alarm.pressedAgainAt, source.bridgeNow)}`;
}

/** The second press takes the room of one row: the one that says least. */
function shortened(steps: StepView[], isShort: boolean): StepView[] {
  if (!isShort || steps.length < 6) return steps;
  const received = steps.some(({ step, mark }) => step === 'received' && mark === 'done');
  return steps.filter(({ step }) => step !== (received ? 'sent' : 'closed'));
}

/** In place of the keys. */
function note(alarm: TvAlarm, { tooLate }: PanelSource): string {
  if (isOver(alarm)) return '';
  if (tooLate) return BACK.tooLate;
  return alarm.about ? PROMPT.aboutKept(ABOUT[alarm.about]) : '';
}

function backWords(alarm: TvAlarm, bridgeNow: number, status: LinkStatus): string | undefined {
  const seconds = secondsToWithdraw(alarm, bridgeNow, status);
  if (seconds !== undefined) return BACK.withdraw(seconds);
  return mayDismiss(alarm) ? BACK.close : BACK.fold;
}

function secondsToWithdraw(alarm: TvAlarm, bridgeNow: number, status: LinkStatus): number | undefined {
  if (status !== 'up' || !mayWithdraw(alarm, bridgeNow)) return undefined;
  return Math.max(1, Math.ceil((alarm.withdrawUntil - bridgeNow) / 1000));
}

/** For the DOM mirror and the folded strip: the one line that says it. */
export function panelHeadline(panel: PanelView): string {
  return panel.kind === 'alarm' ? panel.headline : panel.title;
}
