/** The board: every case that the console knows, from the first list and the live feed. Pure. */
import type { CaseView, CentreStatus, HouseholdMarked, LiveCase } from '@shouwang/protocol';
import { isAlerted, needsAttention, queueOf } from './queue-order.ts';

/** `lost.since`: when the feed broke, by this machine's clock. */
export type FeedState = { at: 'loading' } | { at: 'live' } | { at: 'lost'; since: number };

export interface Board {
  cases: ReadonlyMap<string, CaseView>;
  /** The last announcement that is in `cases`; the feed goes on after it. */
  seq: number;
  feed: FeedState;
  /** Whether the first list has come. */
  loaded: boolean;
  centre: CentreStatus | undefined;
  /** The centre's clock minus this machine's, ms. */
  clockOffset: number;
  selected: string | undefined;
  /** A form is open: nothing moves the selection under the operator's hands. */
  held: boolean;
}

export type BoardAction =
  | { type: 'snapshot'; cases: readonly CaseView[]; seq: number }
  | { type: 'live'; items: readonly LiveCase[] }
  /** The server's answer to a command. */
  | { type: 'view'; view: CaseView }
  /** The marks 地址待核实 of households came or went, in this order: they are no events of a case. */
  | { type: 'households'; marks: readonly HouseholdMarked[] }
  | { type: 'centre'; status: CentreStatus; localNow: number }
  | { type: 'feed'; feed: FeedState }
  | { type: 'select'; caseNo: string }
  | { type: 'hold'; held: boolean };

export const emptyBoard: Board = {
  cases: new Map(),
  seq: 0,
  feed: { at: 'loading' },
  loaded: false,
  centre: undefined,
  clockOffset: 0,
  selected: undefined,
  held: false,
};

export function reduceBoard(board: Board, action: BoardAction): Board {
  switch (action.type) {
    case 'snapshot':
      return autoSelect(applySnapshot(board, action.cases, action.seq), true);
    case 'live':
      return applyLive(board, action.items);
    case 'view':
      return { ...board, cases: withViews(board.cases, [marked(board.cases, action.view)]) };
    case 'households':
      return changedCases(board, withMarks(board.cases, action.marks));
    case 'centre':
      return { ...board, centre: action.status, clockOffset: action.status.now - action.localNow };
    case 'feed':
      return { ...board, feed: action.feed };
    case 'select':
      return board.selected === action.caseNo ? board : { ...board, selected: action.caseNo };
    case 'hold':
      return board.held === action.held ? board : { ...board, held: action.held };
  }
}

/** The newest revision of each case wins, wherever it came from and however often. */
function withViews(cases: ReadonlyMap<string, CaseView>, views: readonly CaseView[]): ReadonlyMap<string, CaseView> {
  const newer = views.filter((view) => view.revision > (cases.get(view.caseNo)?.revision ?? 0));
  if (newer.length === 0) return cases;
  const next = new Map(cases);
  for (const view of newer) if (view.revision > (next.get(view.caseNo)?.revision ?? 0)) next.set(view.caseNo, view);
  return next;
}

/** An answer may be older than what the feed has said of the household since. */
function marked(cases: ReadonlyMap<string, CaseView>, view: CaseView): CaseView {
  const known = cases.get(view.caseNo);
  return known ? { ...view, household: { ...view.household, addressInDoubtSince: known.household.addressInDoubtSince } } : view;
}

function changedCases(board: Board, cases: ReadonlyMap<string, CaseView>): Board {
  return cases === board.cases ? board : { ...board, cases };
}

function withMarks(cases: ReadonlyMap<string, CaseView>, marks: readonly HouseholdMarked[]): ReadonlyMap<string, CaseView> {
  const since = new Map(marks.map((mark) => [mark.boxId, mark.addressInDoubtSince ?? undefined]));
  const others = [...cases.values()].filter(({ household: h }) => since.has(h.boxId) && since.get(h.boxId) !== h.addressInDoubtSince);
  if (others.length === 0) return cases;
  const next = new Map(cases);
  for (const view of others)
    next.set(view.caseNo, { ...view, household: { ...view.household, addressInDoubtSince: since.get(view.household.boxId) } });
  return next;
}

/**
 * The list as of `seq` replaces the board. What the feed or an answer brought meanwhile, newer than the list, stays.
 * A list older than the board's `seq` is another database (restored from a backup): it replaces everything.
 */
function applySnapshot(board: Board, views: readonly CaseView[], seq: number): Board {
  const listed = new Map(views.map((view) => [view.caseNo, view]));
  if (seq < board.seq) return { ...board, cases: listed, seq, loaded: true };
  const kept = [...board.cases.values()].filter((view) => listed.has(view.caseNo));
  return { ...board, cases: withViews(listed, kept), seq, loaded: true };
}

/** Announcements in order; one that was already applied changes nothing (a reconnect may repeat it). */
function applyLive(board: Board, items: readonly LiveCase[]): Board {
  const fresh = items.filter((item) => item.event.data.seq > board.seq);
  if (fresh.length === 0) return board;
  const seq = Math.max(...fresh.map((item) => item.event.data.seq));
  const cases = withViews(
    board.cases,
    fresh.map((item) => item.view),
  );
  return autoSelect(
    { ...board, seq, cases },
    fresh.some((item) => item.event.data.event === 'opened' || isAlerted(item.view)),
  );
}

/**
 * A new alarm, or one that calls again, comes to the desk by itself when the operator is busy with none: nothing chosen, or what is chosen is
 * closed. It never takes an open case, or an open form, out of somebody's hands.
 */
function autoSelect(board: Board, something: boolean): Board {
  if (!something || board.held) return board;
  const current = board.selected ? board.cases.get(board.selected) : undefined;
  if (current && current.state !== 'closed') return board;
  const queue = queueOf(board.cases.values());
  const first = queue.unsigned[0] ?? queue.alerted[0] ?? (current ? undefined : (queue.inHand[0] ?? queue.closed[0]));
  return first ? { ...board, selected: first.caseNo } : { ...board, selected: current?.caseNo };
}

/** The chosen case, if it is still on the board. */
export function selectedCase(board: Board): CaseView | undefined {
  return board.selected ? board.cases.get(board.selected) : undefined;
}

/** How many cases call for a person now: unsigned, or calling again. */
export function attentionCount(board: Board): number {
  let n = 0;
  for (const view of board.cases.values()) if (needsAttention(view)) n += 1;
  return n;
}
