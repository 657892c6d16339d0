/** Pictures that were looked at by eye and found good; a later one must look the same. `GOLDEN=new` takes them anew: look at them again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { ROOT } from '../harness/service.ts';

const GOLDEN = join(ROOT, 'tests/tv/golden');
const OUTPUT = join(ROOT, 'tests/output/tv');
/** Of all pixels: edges of letters are smoothed a little differently on every machine. */
const MAY_DIFFER = 0.006;

/** Half as wide and high, each pixel the mean of four, in steps of eight: a tenth of the bytes, and what an eye three metres away still sees. */
function halved(from: PNG): PNG {
  const to = new PNG({ width: from.width >> 1, height: from.height >> 1 });
  const row = from.width * 4;
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++)
      for (let c = 0; c < 4; c++) {
        const i = y * 2 * row + x * 8 + c;
        const sum = from.data[i]! + from.data[i + 4]! + from.data[i + row]! + from.data[i + row + 4]!;
        to.data[(y * to.width + x) * 4 + c] = c === 3 ? 255 : (sum >> 2) & 0xf8;
      }
  return to;
}

/** Throws with the share of other pixels, and leaves what was seen and where it differs in tests/output/tv. */
export function looksLike(name: string, picture: Buffer, mayDiffer = MAY_DIFFER): void {
  const file = join(GOLDEN, `${name}.png`);
  if (process.env.GOLDEN === 'new') {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, PNG.sync.write(halved(PNG.sync.read(picture)), { deflateLevel: 9, colorType: 2 }));
    return;
  }
  if (!existsSync(file)) throw new Error(`there is no golden picture ${name}: GOLDEN=new takes it`);
  const golden = PNG.sync.read(readFileSync(file));
  const seen = halved(PNG.sync.read(picture));
  if (golden.width !== seen.width || golden.height !== seen.height) throw new Error(`${name}: ${seen.width}×${seen.height}`);
  const difference = new PNG({ width: seen.width, height: seen.height });
  const other = pixelmatch(golden.data, seen.data, difference.data, seen.width, seen.height, { threshold: 0.2 });
  const share = other / (seen.width * seen.height);
  if (share <= mayDiffer) return;
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(join(OUTPUT, `${name}-seen.png`), picture);
  writeFileSync(join(OUTPUT, `${name}-difference.png`), PNG.sync.write(difference));
  throw new Error(`${name}: ${(share * 100).toFixed(2)} % of the pixels are others; see tests/output/tv`);
}
