/** What a sheet of the menu shows: rows to choose from, or a text to read. Drawn by pages/sheet-page.ts. */
import type { PagedText } from '@shouwang/protocol/lines';
import type { StepView } from './timeline.ts';

export type SheetName = 'menu' | 'reports' | 'report' | 'notices' | 'notice' | 'help' | 'settings' | 'status';

export interface SheetRow {
  /** The number key that chooses it; undefined: it is only to be read. */
  digit: number | undefined;
  label: string;
  detail: string;
  tone: 'plain' | 'good' | 'warn' | 'bad';
  focused: boolean;
}
export interface SheetView {
  name: SheetName;
  title: string;
  rows: SheetRow[];
  /** In place of rows, or beside the steps: lines to read, the first the largest. */
  lines: string[];
  /** In place of lines. */
  notice: NoticeView | undefined;
  /** Of a report. */
  steps: StepView[];
  /** Of a report: which of the lines says what came of it. It may be long, and has the room under the steps. */
  result: string;
  pageNote: string;
  /** What the keys do here. */
  keys: 'choose' | 'answer' | 'change' | 'read' | 'listen';
  phone: string;
}

export const ROWS_A_PAGE = 6;

export interface NoticeView {
  title: string;
  /** Who says it, and when. */
  from: string;
  text: PagedText;
  /** Which page this is, and how to come to the others; empty: it is the only one. */
  more: string;
}
