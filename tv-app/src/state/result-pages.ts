/** The result of a closed case, broken into lines: as large as it fits, and into pages where it fits at no size. Pure. */
import { breakable } from '../ui/line-breaks.ts';

export interface ResultView {
  /** The whole text. */
  text: string;
  size: number;
  lineHeight: number;
  /** The lines of the page that is shown. */
  lines: string[];
  /** From 0. */
  page: number;
  pages: number;
}

/** The room for it, in stage units. */
export const RESULT_ROOM = { w: 804, h: 393 } as const;
/** Nothing smaller can be read from three metres. */
const SIZES = [48, 42, 36] as const;

/** `page` may be any number: it is brought into the range. */
export function resultView(text: string, page: number): ResultView | undefined {
  return text ? pagedText(text, page, RESULT_ROOM, SIZES) : undefined;
}

/** At the largest of `sizes` at which it fits `room`, else in pages at the smallest. */
export function pagedText(text: string, page: number, room: { w: number; h: number }, sizes: readonly number[]): ResultView {
  for (const size of sizes) {
    const lineHeight = lineHeightOf(size);
    const lines = brokenLines(text, room.w / size);
    if (lines.length * lineHeight <= room.h) return { text, size, lineHeight, lines, page: 0, pages: 1 };
  }
  const size = sizes[sizes.length - 1]!;
  const lineHeight = lineHeightOf(size);
  const lines = brokenLines(text, room.w / size);
  // The last row says which page this is.
  const perPage = Math.floor(room.h / lineHeight) - 1;
  const pages = Math.ceil(lines.length / perPage);
  const at = Math.max(0, Math.min(page, pages - 1));
  return { text, size, lineHeight, lines: lines.slice(at * perPage, (at + 1) * perPage), page: at, pages };
}

function lineHeightOf(size: number): number {
  return Math.round((size * 1.4) / 3) * 3;
}

/** `room`: in widths of a Chinese character. What is longer than a line is broken anywhere. */
function brokenLines(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    let line = '';
    let used = 0;
    const next = () => {
      lines.push(line);
      line = '';
      used = 0;
    };
    for (const piece of breakable(paragraph)) {
      const width = widthOf(piece);
      if (used + width > room && line) next();
      if (piece === ' ' && !line) continue;
      if (width <= room) {
        line += piece;
        used += width;
        continue;
      }
      for (const c of Array.from(piece)) {
        if (used + widthOf(c) > room) next();
        line += c;
        used += widthOf(c);
      }
    }
    next();
  }
  return lines;
}

/** On the safe side: a little more than the shipped font takes. */
function widthOf(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    width += text.charCodeAt(i) > 0x7f ? 1 : /[A-Z%@&]/.test(c) ? 0.85 : /[mw]/.test(c) ? 0.95 : 0.62;
  }
  return width;
}
