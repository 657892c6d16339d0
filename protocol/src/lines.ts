/**
 * How the TV breaks a text into lines and pages. Here because the console shows an operator beforehand what a household will see. Pure, for
 * ES5 browsers too.
 */

/**
 * Where Chinese lines may break: between any two characters, but not before closing punctuation, not after opening
 * punctuation, and never inside a number, a telephone number or a Latin word (after W3C clreq, 3.1.2). Pure.
 */
const NOT_AT_START = '，。、；：？！）》」』】”’…·％%,.;:?!)]}';
const NOT_AT_END = '（《「『【“‘([{';
/** A character of two code units: rare ones in names of people and places, and emoji. */
const ASTRAL = /^[\ud800-\udbff][\udc00-\udfff]$/;
const RUN = /[0-9A-Za-z_\-+./:@#]/;

/** Pieces that stay together; a space is a piece of its own. */
export function breakable(text: string): string[] {
  const pieces: string[] = [];
  let open = '';
  let i = 0;
  while (i < text.length) {
    const c = text.charAt(i);
    let piece = ASTRAL.test(text.substr(i, 2)) ? text.substr(i, 2) : c;
    if (RUN.test(c))
      while (i + piece.length < text.length && RUN.test(text.charAt(i + piece.length))) piece += text.charAt(i + piece.length);
    i += piece.length;
    const last = pieces.length - 1;
    if (NOT_AT_END.indexOf(c) >= 0) open += piece;
    else if (NOT_AT_START.indexOf(c) >= 0 && open === '' && last >= 0 && pieces[last] !== ' ') pieces[last] += piece;
    else {
      pieces.push(open + piece);
      open = '';
    }
  }
  if (open) pieces.push(open);
  return pieces;
}

export interface PagedText {
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

/** `page` may be any number: it is brought into the range. At the largest of `sizes` at which it fits `room`, else in pages at the smallest. */
export function pagedText(text: string, page: number, room: { w: number; h: number }, sizes: readonly number[]): PagedText {
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

/** The room for a notice's text, in units of a screen of 1920×1080, and how large it is written. */
const NOTICE_ROOM = { w: 1740, h: 640 };
const NOTICE_SIZES = [51, 42];

/** `scale`: of the family's type size, 1 unless it chose another. */
export function noticeSizes(scale: number): number[] {
  return NOTICE_SIZES.map((size) => Math.round((size * scale) / 3) * 3);
}

/** A page of a notice's text, as the TV shows it. */
export function noticePage(text: string, page: number, scale = 1): PagedText {
  return pagedText(text, page, NOTICE_ROOM, noticeSizes(scale));
}
