/** Which row of a sheet has the highlight. It stays on what it is about when the list changes around it. */
import type { RemoteKey } from '../keys/key-tables.ts';
import { ROWS_A_PAGE, type SheetRow } from './sheet-view.ts';

export type Row = Omit<SheetRow, 'digit' | 'focused'> & {
  choose?: (key: RemoteKey) => void;
  /** Its number key, where that is not its place: the only way to choose it, so that OK, pressed by habit, does not. */
  digit?: number;
  /** What it is about, where rows come and go. */
  id?: string;
};

export interface Highlight {
  focus: number;
  /** `id` of the row that has it. */
  rowId?: string | undefined;
}

export function moveTo(at: Highlight, rows: readonly Row[], index: number): void {
  at.focus = Math.max(0, Math.min(rows.length - 1, index));
  at.rowId = rows[at.focus]?.id;
}

/** Where its row has gone, the next one has it. */
export function follow(at: Highlight, rows: readonly Row[]): void {
  let index = at.focus;
  rows.forEach(({ id }, i) => {
    if (id !== undefined && id === at.rowId) index = i;
  });
  moveTo(at, rows, index);
}

/** The row that a number key chooses on the page that begins with row `first`; -1: none. */
export function rowOf(rows: readonly Row[], first: number, digit: number): number {
  for (let i = first; i < Math.min(rows.length, first + ROWS_A_PAGE); i++) if ((rows[i]!.digit ?? i - first + 1) === digit) return i;
  return -1;
}
