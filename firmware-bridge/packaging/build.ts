/**
 * Makes what is installed on boxes: `npm run node -- firmware-bridge/packaging/build.ts [--out DIR] [--version X.Y.Z] [--key FILE --kid NAME]`.
 * Without a key the package is for a first installation; updates must be signed.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION } from '../src/update/versions.ts';
import { BRIDGE_VERSION } from '../src/version.ts';
import { bundle } from './bundle.ts';
import { type PackFile, pack } from './pack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Bundled for it, and tried on it. */
const NODE = 20;
const SCRIPTS = ['launch.sh', 'install.sh', 'shouwang-bridge.init'];
const TEXTS = ['shouwang-bridge.service', 'bridge.yaml'];

function folder(dir: string, as: string): PackFile[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: `${as}/${relative(dir, path)}`, bytes: readFileSync(path) }));
}

function bundled(version: string): PackFile[] {
  const dir = mkdtempSync(join(tmpdir(), 'bridge-package-'));
  try {
    bundle(dir, version);
    return readdirSync(dir).map((name) => ({ path: name, bytes: readFileSync(join(dir, name)) }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function build(version: string, key: { kid: string; pem: string } | undefined): Buffer {
  const files: PackFile[] = [
    ...bundled(version),
    ...folder(join(ROOT, 'tv-app/dist'), 'tv-app'),
    ...folder(join(ROOT, 'protocol/src/key-tables'), 'key-tables'),
    { path: 'LICENSE', bytes: readFileSync(join(ROOT, 'LICENSE')) },
    ...SCRIPTS.map((path): PackFile => ({ path, bytes: readFileSync(join(HERE, path)), executable: true })),
    ...TEXTS.map((path) => ({ path, bytes: readFileSync(join(HERE, path)) })),
  ];
  return pack(files, { version, node: NODE }, key);
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'firmware-bridge/dist') },
    version: { type: 'string', default: BRIDGE_VERSION },
    key: { type: 'string' },
    kid: { type: 'string' },
  },
});
if (!VERSION.test(values.version)) throw new Error(`--version: expected three numbers, found ${values.version}`);
if ((values.key === undefined) !== (values.kid === undefined)) throw new Error('--key and --kid go together');
const key = values.key !== undefined && values.kid !== undefined ? { kid: values.kid, pem: readFileSync(values.key, 'utf8') } : undefined;
const packed = build(values.version, key);
mkdirSync(values.out, { recursive: true });
const path = join(values.out, `shouwang-bridge-${values.version}.tar.gz`);
writeFileSync(path, packed);
console.log(`${path}   ${packed.length} bytes, ${key ? `signed by ${key.kid}` : 'not signed: for a first installation only'}`);
