/**
 * The case: pure transitions. `decide` takes a case, a command and the time and returns what happened; `evolve` applies
 * one event. A case is the fold of its events, so its history can be replayed.
 * Steps: received (接报) → signed (签收) → handling (处置) → closed (办结), 国办发〔2020〕53号.
 */
import type { About, CaseEventName, CaseState, Gesture, OnScreen, Rating } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';

export interface Extension {
  askedAt: number;
  reason: string;
  until: number;
  decided?: 'granted' | 'refused';
}

/** The state of a case. Times are ms since 1970 by the centre's clock, `pressedAt` by the box's. */
export interface Case {
  caseNo: string;
  boxId: string;
  alarmId: string;
  area: string;
  /** Counts the events from 1. */
  revision: number;
  state: CaseState;
  /** When `state` was entered. */
  since: number;
  pressedAt: number;
  receivedAt: number;
  /** The box's clock minus the centre's when the alarm came, ms; absent where it was not measured. */
  clockSkewMs?: number;
  gesture: Gesture;
  /** Nothing of it is ever told to its box. */
  silent?: true;
  quietUntil: number;
  onScreen?: OnScreen;
  about?: About;
  presses: number;
  post?: string;
  signedAt?: number;
  handlingAt?: number;
  closedAt?: number;
  result?: string;
  withdrawnAt?: number;
  escalatedAt?: number;
  /** The extension asked for last. */
  extension?: Extension;
  /** Until when more time was granted; stays while still more is asked for. */
  extendedUntil?: number;
  rating?: Rating;
  reopened: number;
  reopenedAt?: number;
  /** The caller called again (pressed once more, or said "not solved") and no person has done anything since. */
  alertedAt?: number;
}

/** What opens a case. */
export interface Opening {
  caseNo: string;
  boxId: string;
  alarmId: string;
  area: string;
  pressedAt: number;
  gesture: Gesture;
  withdrawWindowS: number;
  onScreen?: OnScreen | undefined;
  silent?: true | undefined;
  clockSkewMs?: number | undefined;
}

export type CaseCommand =
  | { do: 'escalate' }
  | { do: 'sign'; post: string }
  | { do: 'handle' }
  | { do: 'note'; text: string }
  /** A clip of a camera is finished; `text` says of which and how long. */
  | { do: 'record'; cameraId: string; text: string }
  | { do: 'ask-extension'; reason: string; until: number }
  | { do: 'grant-extension' }
  | { do: 'refuse-extension'; reason: string }
  | { do: 'close'; result: string }
  | { do: 'withdraw' }
  | { do: 'detail'; about?: About | undefined; pressedAgain?: boolean | undefined; onScreen?: OnScreen | undefined }
  | { do: 'rate'; rating: Rating };
export type CaseCommandName = CaseCommand['do'];

/** One thing that happened. `opened` carries its opening. */
export interface CaseEvent {
  event: CaseEventName;
  at: number;
  opening?: Opening;
  post?: string;
  text?: string;
  until?: number;
  about?: About;
  onScreen?: OnScreen;
  /** Of `recorded`. */
  cameraId?: string;
  rating?: Rating;
}

/** Opens a case at `at`. Where nobody is at the centre it is escalated in the same breath. */
export function open(opening: Opening, at: number, staffed: boolean): CaseEvent[] {
  const opened: CaseEvent = { event: 'opened', at, opening, onScreen: opening.onScreen };
  return staffed ? [opened] : [opened, { event: 'escalated', at, text: '无人值班' }];
}

/**
 * What a command makes of a case at `at`. An empty list: nothing new (the same was said before).
 * Throws CASE_STATE where the step is not possible now.
 */
export function decide(current: Case, command: CaseCommand, at: number): CaseEvent[] {
  switch (command.do) {
    case 'escalate':
      return current.state === 'received' && current.escalatedAt === undefined ? [{ event: 'escalated', at, text: '超时未签收' }] : [];
    case 'sign':
      needs(current, 'received');
      return [{ event: 'signed', at, post: command.post }];
    case 'handle':
      needs(current, 'signed');
      return [{ event: 'handling', at }];
    case 'note':
      return [{ event: 'noted', at, text: command.text }];
    case 'record':
      return [{ event: 'recorded', at, cameraId: command.cameraId, text: command.text }];
    case 'ask-extension':
      needs(current, 'signed', 'handling');
      if (pending(current)) throw refuse('an extension is already asked for');
      if (command.until <= at) throw refuse('the extension ends in the past');
      return [{ event: 'extension-asked', at, text: command.reason, until: command.until }];
    case 'grant-extension':
      needs(current, 'signed', 'handling');
      if (!pending(current)) throw refuse('no extension is asked for');
      return [{ event: 'extension-granted', at, until: current.extension?.until }];
    case 'refuse-extension':
      needs(current, 'signed', 'handling');
      if (!pending(current)) throw refuse('no extension is asked for');
      return [{ event: 'extension-refused', at, text: command.reason }];
    case 'close':
      needs(current, 'signed', 'handling');
      return [{ event: 'closed', at, text: command.result }];
    case 'withdraw':
      // Taken back twice, or after the closing: the caller's word is kept, nobody is contradicted on the TV.
      return current.withdrawnAt === undefined ? [{ event: 'withdrawn', at }] : [];
    case 'detail':
      return detailed(current, command, at);
    case 'rate':
      needs(current, 'closed');
      if (current.rating === command.rating) return [];
      return command.rating === 'unsolved'
        ? [
            { event: 'rated', at, rating: command.rating },
            { event: 'reopened', at },
          ]
        : [{ event: 'rated', at, rating: command.rating }];
  }
}

/** A press on a case that was closed meanwhile is somebody in need who does not know of the closing: it comes back. */
function detailed(current: Case, command: CaseCommand & { do: 'detail' }, at: number): CaseEvent[] {
  const events: CaseEvent[] = [];
  if (command.pressedAgain) events.push({ event: 'strengthened', at, onScreen: command.onScreen });
  if (command.about !== undefined && command.about !== current.about) events.push({ event: 'detailed', at, about: command.about });
  if (command.pressedAgain && current.state === 'closed') events.push({ event: 'reopened', at });
  return events;
}

/** The case after `event`. `current` is undefined only before `opened`. */
export function evolve(current: Case | undefined, event: CaseEvent): Case {
  if (event.event === 'opened') return opened(event);
  if (!current) throw new Error(`event ${event.event} before opened`);
  return { ...current, revision: current.revision + 1, ...change(current, event) };
}

/** The case after all events, in order. */
export function fold(events: CaseEvent[]): Case {
  const state = events.reduce<Case | undefined>((c, e) => evolve(c, e), undefined);
  if (!state) throw new Error('a case has at least one event');
  return state;
}

function opened(event: CaseEvent): Case {
  const o = event.opening;
  if (!o) throw new Error('opened without opening');
  return {
    caseNo: o.caseNo,
    boxId: o.boxId,
    alarmId: o.alarmId,
    area: o.area,
    revision: 1,
    state: 'received',
    since: event.at,
    pressedAt: o.pressedAt,
    receivedAt: event.at,
    ...(o.clockSkewMs === undefined ? {} : { clockSkewMs: o.clockSkewMs }),
    gesture: o.gesture,
    ...(o.silent ? { silent: true as const } : {}),
    // Nobody can take a silent alarm back: the room need not wait.
    quietUntil: event.at + (o.silent ? 0 : o.withdrawWindowS * 1000),
    ...(o.onScreen ? { onScreen: o.onScreen } : {}),
    presses: 1,
    reopened: 0,
  };
}

/** A person did something: whatever called for attention has it. */
const SEEN = { alertedAt: undefined };

function change(c: Case, e: CaseEvent): Partial<Case> {
  switch (e.event) {
    case 'escalated':
      return { escalatedAt: e.at };
    case 'signed':
      return { ...SEEN, state: 'signed', since: e.at, signedAt: e.at, post: e.post };
    case 'handling':
      return { ...SEEN, state: 'handling', since: e.at, handlingAt: e.at };
    case 'noted':
      return SEEN;
    case 'extension-asked':
      return { ...SEEN, extension: { askedAt: e.at, reason: e.text ?? '', until: e.until ?? e.at } };
    case 'extension-granted':
      return {
        ...SEEN,
        extension: c.extension && { ...c.extension, decided: 'granted' },
        extendedUntil: e.until ?? c.extension?.until,
      };
    case 'extension-refused':
      return { ...SEEN, extension: c.extension && { ...c.extension, decided: 'refused' } };
    case 'closed':
      // The question "solved?" is asked anew after each closing.
      return { ...SEEN, state: 'closed', since: e.at, closedAt: e.at, result: e.text, rating: undefined };
    case 'rated':
      return { rating: e.rating };
    case 'reopened':
      return {
        state: 'handling',
        since: e.at,
        handlingAt: c.handlingAt ?? e.at,
        closedAt: undefined,
        result: undefined,
        extension: undefined,
        extendedUntil: undefined,
        reopened: c.reopened + 1,
        reopenedAt: e.at,
        alertedAt: e.at,
      };
    case 'withdrawn':
      return { withdrawnAt: e.at };
    case 'strengthened':
      return {
        presses: c.presses + 1,
        onScreen: e.onScreen ?? c.onScreen,
        ...(c.state !== 'received' || c.withdrawnAt !== undefined ? { alertedAt: e.at } : {}),
      };
    case 'detailed':
      return { about: e.about };
    default:
      return {};
  }
}

function pending(c: Case): boolean {
  return c.extension !== undefined && c.extension.decided === undefined;
}

function needs(c: Case, ...states: CaseState[]): void {
  if (!states.includes(c.state)) throw refuse(`the case is ${c.state}`);
}

function refuse(detail: string): CodedError {
  return new CodedError('CASE_STATE', detail);
}
