/**
 * From the box's state to words: what is true about the open alarm now. Pure. A word appears only when the fact
 * behind it is in the state; nothing is inferred from time passing or from a key having been pressed.
 */
import type { TvAlarm, TvState } from '@shouwang/protocol';
import { ALARM, TRUTH, TRUTH_CUT } from '../words.ts';
import { untilText } from './times.ts';

/** How far the alarm has got; each value is a fact. */
export type AlarmPhase =
  | 'pressed'
  | 'stored'
  | 'sent'
  | 'received'
  | 'signed'
  | 'handling'
  | 'closed'
  | 'rated'
  | 'reopened'
  | 'withdrawn'
  | 'rejected';

/** Decides colour: waiting (not at the centre yet), received, human (a person knows), done, bad. */
export type Tone = 'waiting' | 'received' | 'human' | 'done' | 'bad';

export interface AlarmTruth {
  phase: AlarmPhase;
  tone: Tone;
  headline: string;
  /** What else is true, at most two lines. */
  lines: string[];
  /** What came of it, said once it is closed; may be long. */
  result: string;
  /** Whom to ring. */
  phone: string;
  phoneOwner: string;
}

/** The truth line for `state.alarm`. `linkUp` false: the box's service does not answer the page, so this is how it was before. */
export function alarmTruth(state: TvState, alarm: TvAlarm, linkUp: boolean): AlarmTruth {
  const phone = alarm.rejected?.phone || state.centre.phone;
  const base = { phone, phoneOwner: state.centre.name, result: resultText(alarm) };
  const truth = { ...base, ...wordsFor(state, alarm) };
  if (linkUp) return truth;
  const waiting = truth.tone === 'waiting' || alarm.late;
  const open = !isOver(alarm) && alarm.receivedAt !== undefined;
  const second = waiting ? ALARM.callNow : open ? cutLine(state, alarm) : (truth.lines[0] ?? '');
  // What the service was about to do it does no longer: only what happened may still be said.
  return {
    ...truth,
    headline: cutHeadline(truth.headline),
    lines: [ALARM.lastKnown, second],
  };
}

function cutHeadline(headline: string): string {
  for (const key of Object.keys(TRUTH_CUT) as (keyof typeof TRUTH_CUT)[]) if (TRUTH[key] === headline) return TRUTH_CUT[key];
  return headline;
}

/** Nothing more will be seen here: what was promised or passed on, and to ring. */
function cutLine(state: TvState, a: TvAlarm): string {
  if (a.extendedUntil !== undefined) return `${ALARM.extended(untilText(a.extendedUntil, state.now))}。${ALARM.callIfUrgent}`;
  if (a.escalatedAt !== undefined && a.state === 'received') return `${ALARM.escalatedShort}，${ALARM.callIfUrgent}`;
  return ALARM.callIfUrgent;
}

type Words = Pick<AlarmTruth, 'phase' | 'tone' | 'headline' | 'lines'>;

function wordsFor(state: TvState, a: TvAlarm): Words {
  if (a.rejected) return { phase: 'rejected', tone: 'bad', headline: TRUTH.rejected, lines: rejectedLines(a.rejected.message) };
  if (a.state === 'closed') return closedWords(a);
  if (a.withdrawnAt !== undefined) {
    const seen = a.signedAt === undefined ? [] : [ALARM.seenBy(a.post)];
    return {
      phase: 'withdrawn',
      tone: 'done',
      headline: TRUTH.withdrawn,
      lines: [...seen, seen.length > 0 ? ALARM.withdrawn : `${ALARM.withdrawnKept}。${ALARM.withdrawn}`],
    };
  }
  if (a.withdrawSentAt !== undefined)
    return {
      phase: 'withdrawn',
      tone: 'waiting',
      headline: TRUTH.withdrawing,
      lines: state.centre.connected ? [] : [ALARM.centreUnreachable],
    };
  if (a.state === 'handling' || a.state === 'signed') return personWords(state, a);
  if (a.receivedAt !== undefined) return { phase: 'received', tone: 'received', headline: TRUTH.received, lines: receivedLines(state, a) };
  return beforeReceived(state, a);
}

function beforeReceived(state: TvState, a: TvAlarm): Words {
  const phase = a.sentAt !== undefined ? 'sent' : a.storedAt !== undefined ? 'stored' : 'pressed';
  const connected = state.centre.connected;
  if (a.late) return { phase, tone: 'bad', headline: TRUTH.late, lines: [connected ? ALARM.keepsTrying : ALARM.keepsTryingOffline] };
  const lines: string[] = connected ? [phase === 'sent' ? ALARM.waitingForCentre : ALARM.connectingOut] : [ALARM.centreUnreachable];
  if (!state.claims.survivesPowerLoss) lines.push(ALARM.keepPower);
  else if (!connected) lines.push(ALARM.callAsWell);
  return { phase, tone: 'waiting', headline: TRUTH[phase], lines };
}

function receivedLines(state: TvState, a: TvAlarm): string[] {
  const unstaffed = state.centre.connected && state.centre.staffed === false;
  const escalated = a.escalatedAt !== undefined;
  if (unstaffed && escalated) return [ALARM.unstaffedEscalated, ALARM.callAsWell];
  if (unstaffed) return [ALARM.unstaffed, ALARM.callAsWell];
  if (escalated) return [ALARM.escalated, ALARM.callAsWell];
  return state.centre.connected ? [ALARM.willTell] : [ALARM.laterUnknown, ALARM.callIfUrgent];
}

/** The centre's own words, and to ring, unless they say so already. */
function rejectedLines(message: string): string[] {
  return message.indexOf('打电话') >= 0 ? [message] : [message, ALARM.callNow];
}

function personWords(state: TvState, a: TvAlarm): Words {
  const lines: string[] = [];
  const handling = a.state === 'handling';
  // A case that "not solved" brought back is in `handling` again without anybody having set out again: say only what was done.
  const back = handling && a.reopened > 0;
  if (back) lines.push(ALARM.reopened);
  else lines.push(handling ? ALARM.handling : ALARM.seenBy(a.post));
  if (a.extendedUntil !== undefined) lines.push(ALARM.extended(untilText(a.extendedUntil, state.now)));
  else if (!state.centre.connected) lines.push(ALARM.laterUnknown);
  if (back) return { phase: 'reopened', tone: 'human', headline: TRUTH.reopened, lines };
  return handling
    ? { phase: 'handling', tone: 'human', headline: TRUTH.handling, lines }
    : { phase: 'signed', tone: 'human', headline: TRUTH.signed, lines };
}

function closedWords(a: TvAlarm): Words {
  if (a.rating === undefined) {
    // Withdrawn and closed: nothing to rate.
    const headline = a.withdrawSentAt === undefined && a.withdrawnAt === undefined ? TRUTH.closed : TRUTH.closedPlain;
    return { phase: 'closed', tone: 'done', headline, lines: [] };
  }
  if (!a.ratingReceived) return { phase: 'closed', tone: 'done', headline: TRUTH.rating, lines: [] };
  return a.rating === 'unsolved'
    ? { phase: 'reopened', tone: 'human', headline: TRUTH.reopened, lines: [ALARM.reopened] }
    : { phase: 'rated', tone: 'done', headline: TRUTH.thanks, lines: [ALARM.thanks] };
}

function resultText(a: TvAlarm): string {
  return a.state === 'closed' && a.rating === undefined && !a.rejected && a.result ? ALARM.result(a.result) : '';
}

/** Nothing more can happen to it by itself: a new press is a new alarm. */
export function isOver(a: TvAlarm): boolean {
  return a.rejected !== undefined || a.withdrawSentAt !== undefined || a.withdrawnAt !== undefined || a.state === 'closed';
}

/** The villager may put it away: the centre has the last word that was needed (tv-link `dismiss`). */
export function mayDismiss(a: TvAlarm): boolean {
  if (a.rejected !== undefined || a.withdrawnAt !== undefined) return true;
  return a.state === 'closed' && a.rating !== undefined && a.rating !== 'unsolved' && a.ratingReceived;
}

/** The rating is asked for: closed, not withdrawn, not yet answered. */
export function asksRating(a: TvAlarm): boolean {
  return a.state === 'closed' && a.rating === undefined && a.withdrawSentAt === undefined && a.withdrawnAt === undefined && !a.rejected;
}

/** What it is about may be said: the centre has it, and it is not over. */
export function asksAbout(a: TvAlarm): boolean {
  return a.receivedAt !== undefined && a.reopened === 0 && !isOver(a);
}

/** Withdrawing still keeps the room quiet. `now` by the bridge's clock. */
export function mayWithdraw(a: TvAlarm, now: number): boolean {
  return !isOver(a) && now < a.withdrawUntil;
}
