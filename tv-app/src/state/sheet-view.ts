/** What a sheet of the menu shows: rows to choose from, or a text to read. Drawn by pages/sheet-page.ts. */
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
  /** Of a report. */
  steps: StepView[];
  pageNote: string;
  /** What the keys do here. */
  keys: 'choose' | 'change' | 'read';
  phone: string;
}

export const ROWS_A_PAGE = 6;
/** The room for a notice's text, in stage units. */
export const NOTICE_ROOM = { w: 1740, h: 640 } as const;
