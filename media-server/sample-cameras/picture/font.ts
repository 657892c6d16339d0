import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where distributions put Noto Sans CJK. One collection holds the Simplified face: resvg picks it by its family name. */
const USUAL = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc',
  '/usr/share/fonts/truetype/noto/NotoSansCJK-Bold.ttc',
];

let found: string | undefined | null = null;

/** The file of a Chinese font; undefined where there is none (camera names are then left out, the clock is not: it is drawn). */
export function chineseFont(): string | undefined {
  if (found === null) found = USUAL.find((file) => existsSync(file)) ?? askFontconfig();
  return found;
}

function askFontconfig(): string | undefined {
  try {
    const file = execFileSync('fc-match', ['-f', '%{file}', 'Noto Sans CJK SC:bold'], { encoding: 'utf8', timeout: 5000 });
    return /CJK|SansSC|SourceHanSans/i.test(file) && existsSync(file) ? file : undefined;
  } catch {
    return undefined; // No fontconfig here.
  }
}
