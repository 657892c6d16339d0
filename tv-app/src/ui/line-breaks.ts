/**
 * Where Chinese lines may break: between any two characters, but not before closing punctuation, not after opening
 * punctuation, and never inside a number, a telephone number or a Latin word (after W3C clreq, 3.1.2). Pure.
 */
const NOT_AT_START = '，。、；：？！）》」』】”’…·％%,.;:?!)]}';
const NOT_AT_END = '（《「『【“‘([{';
const RUN = /[0-9A-Za-z_\-+./:@#]/;

/** Pieces that stay together; a space is a piece of its own. */
export function breakable(text: string): string[] {
  const pieces: string[] = [];
  let open = '';
  let i = 0;
  while (i < text.length) {
    const c = text.charAt(i);
    let piece = c;
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

/** The shape that Lightning's TextTokenizer wants. */
export function tokenizer(text: string): { tokens: string[] }[] {
  return [{ tokens: breakable(text) }];
}
