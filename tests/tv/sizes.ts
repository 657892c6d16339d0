/** What a box loads of the TV page, in bytes, from the built page itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../harness/service.ts';

const DIST = join(ROOT, 'tv-app/dist');
export const BUDGETS = JSON.parse(readFileSync(join(ROOT, 'docs/budgets.json'), 'utf8')) as {
  tv: Record<string, Record<string, number>>;
};

/** Every script of the page, by its path. */
export function scripts(): string[] {
  return readdirSync(join(DIST, 'assets'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(DIST, 'assets', file));
}

/** hls.js comes when a camera needs it; the page as its own voice only where a centre served it (a box with a bridge never loads it). */
const LATER = /hls\.light|in-page-voice/;

export function sizes(): Record<'own_gz_bytes' | 'first_gz_bytes' | 'first_font_bytes', number> {
  const gz = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;
  const first = scripts().filter((file) => !LATER.test(file));
  const own = first.filter((file) => /\/(index|start)/.test(file));
  const page = [join(DIST, 'index.html'), join(DIST, 'page.css')];
  const fonts = readdirSync(join(DIST, 'assets')).filter((file) => /^first-.*\.woff2$/.test(file));
  const sum = (of: number[]) => of.reduce((a, b) => a + b, 0);
  return {
    own_gz_bytes: sum(own.map(gz)),
    first_gz_bytes: sum([...first, ...page].map(gz)),
    first_font_bytes: sum(fonts.map((file) => readFileSync(join(DIST, 'assets', file)).length)),
  };
}
