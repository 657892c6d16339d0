/** The page's own fonts, so that every box draws Simplified forms and the same widths: the page's words first, the rest after the first paint. */
import chinese500 from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-500-normal.woff2?url';
import chinese700 from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff2?url';
import latin500 from '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-500-normal.woff2?url';
import latin700 from '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-700-normal.woff2?url';
import firstChinese from '../dist-first-font/first-chinese.woff2?url';
import firstLatin from '../dist-first-font/first-latin.woff2?url';
import { FIRST_FONT_FAMILY, FONT_FAMILY } from './ui/theme.ts';

interface FontFile {
  family: string;
  url: string;
  weight: string;
  range?: string;
}

/** U+0000–00FF and the few signs that the Latin file has. */
const LATIN = 'U+0000-00FF,U+2000-206F';
const FIRST: readonly FontFile[] = [
  { family: FIRST_FONT_FAMILY, url: firstChinese, weight: '500 700' },
  { family: FIRST_FONT_FAMILY, url: firstLatin, weight: '500 700', range: LATIN },
];
const WHOLE: readonly FontFile[] = [
  { family: FONT_FAMILY, url: chinese500, weight: '500' },
  { family: FONT_FAMILY, url: chinese700, weight: '700' },
  { family: FONT_FAMILY, url: latin500, weight: '500', range: LATIN },
  { family: FONT_FAMILY, url: latin700, weight: '700', range: LATIN },
];
const PATIENCE_MS = 3_000;

/** Resolves when the words' font is there, and also when it does not come: the system's own font is better than no alarm screen. */
export function loadFirstFont(): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([load(FIRST), patience]).catch(() => {});
}

/** Resolves when everything can be drawn with the page's own fonts. Rejects where that cannot be. */
export function loadWholeFonts(): Promise<void> {
  return load(WHOLE);
}

function load(files: readonly FontFile[]): Promise<void> {
  if (typeof FontFace !== 'function' || !document.fonts) return Promise.reject(new Error('no FontFace here'));
  const all = files.map(({ family, url, weight, range }) => {
    const face = new FontFace(family, `url(${url}) format('woff2')`, range ? { weight, unicodeRange: range } : { weight });
    return face.load().then((loaded) => {
      document.fonts.add(loaded);
    });
  });
  return Promise.all(all).then(() => {});
}
