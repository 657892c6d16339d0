/**
 * The font of the first paint: the characters of the wall, the held key and the truth about an alarm, cut out of the whole bold font when the
 * page is built. Whatever else comes on the screen before the whole fonts are there is drawn with the box's own.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';
import * as zh from './src/words/zh.ts';

const WHOLE = '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff2';
const LATIN = '@fontsource/noto-sans-sc/files/noto-sans-sc-latin-700-normal.woff2';
const OUT = join(import.meta.dirname, 'dist-first-font');
const FIRST_SEEN = [
  zh.WALL,
  zh.RED_KEY,
  zh.CENTRE,
  zh.KEYS,
  zh.UNITS,
  zh.TRUTH,
  zh.STEP_LABEL,
  zh.HOLD,
  zh.BACK,
  zh.LINK,
  zh.PROMPT,
  zh.ABOUT,
];
/** Of numbers, times and distances. */
const SIGNS = '0123456789:-/, kmsKM()';

/** Every text in it, those that are made by functions too. */
function textOf(words: unknown): string {
  if (typeof words === 'string') return words;
  if (typeof words === 'function') return String(words);
  return typeof words === 'object' && words !== null ? Object.values(words).map(textOf).join('') : '';
}

/** Writes dist-first-font/first-*.woff2 before anything is bundled. */
export function firstFont(): Plugin {
  return {
    name: 'shouwang:first-font',
    async buildStart() {
      const chinese = [...new Set(textOf(FIRST_SEEN))].filter((c) => c > '\u2e7f').sort();
      mkdirSync(OUT, { recursive: true });
      const cut = async (from: string, text: string, name: string) => {
        const whole = readFileSync(createRequire(import.meta.url).resolve(from));
        writeFileSync(join(OUT, name), await subsetFont(whole, text, { targetFormat: 'woff2', noLayoutClosure: true }));
      };
      await cut(WHOLE, chinese.join(''), 'first-chinese.woff2');
      await cut(LATIN, SIGNS, 'first-latin.woff2');
    },
  };
}
