/** The page's own font, so that every box draws Simplified forms and the same widths. */
import chinese500 from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-500-normal.woff2?url';
import chinese700 from '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff2?url';
import latin500 from '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-500-normal.woff2?url';
import latin700 from '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-700-normal.woff2?url';
import { FONT_FAMILY } from './ui/theme.ts';

/** U+0000–00FF and the few signs that the Latin file has. */
const LATIN = 'U+0000-00FF,U+2000-206F';
const FILES: readonly { url: string; weight: string; range?: string }[] = [
  { url: chinese500, weight: '500' },
  { url: chinese700, weight: '700' },
  { url: latin500, weight: '500', range: LATIN },
  { url: latin700, weight: '700', range: LATIN },
];
const PATIENCE_MS = 6_000;

/** Resolves when the fonts are there, and also when they do not come: the system's own font is better than no alarm screen. */
export function loadFonts(): Promise<void> {
  if (typeof FontFace !== 'function' || !document.fonts) return Promise.resolve();
  const all = FILES.map(({ url, weight, range }) => {
    const face = new FontFace(FONT_FAMILY, `url(${url}) format('woff2')`, range ? { weight, unicodeRange: range } : { weight });
    return face.load().then((loaded) => {
      document.fonts.add(loaded);
    });
  });
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([Promise.all(all).then(() => {}), patience]).catch(() => {});
}
