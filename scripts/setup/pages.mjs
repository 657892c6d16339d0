/** The two pages, built by Vite into `dist/` of their folders; built again only when a source of theirs has changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import process from 'node:process';
import { runCommand } from './command.mjs';
import { SetUpFailure } from './failure.mjs';
import { nodeBinary, pathWithNode } from './node.mjs';
import { root, tools } from './paths.mjs';

const PAGES = ['tv-app', 'console'];
/** Packages whose sources go into the pages, and the versions of everything else in them. */
const SHARED = ['player', 'protocol', 'package-lock.json'];

/** @type {import('./steps.mjs').Step} */
export const pagesStep = {
  name: 'pages',
  async needed() {
    const stale = PAGES.filter((page) => !isBuilt(page));
    return stale.length === 0 ? undefined : `building ${stale.join(' and ')}`;
  },
  async work(progress) {
    const stale = PAGES.filter((page) => !isBuilt(page));
    await Promise.all(stale.map(async (page) => progress(`${await build(page)} is built`)));
    return `built ${stale.join(' and ')}`;
  },
};

/** @param {string} page @returns {Promise<string>} the page */
async function build(page) {
  // Taken before the build: what is edited meanwhile makes it stale again.
  const hash = sourcesHash(page);
  const fresh = join(root, page, 'dist.new.tmp');
  rmSync(fresh, { recursive: true, force: true });
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const result = await runCommand(nodeBinary(), [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], {
    name: `page-${page}`,
    cwd: join(root, page),
    env: { ...process.env, PATH: pathWithNode(process.env), NODE_ENV: 'production' },
  });
  if (!result.ok || !existsSync(join(fresh, 'index.html')))
    throw new SetUpFailure(`building the page ${page}`, `${result.tail || 'no index.html came out'}\n(all of it: ${result.log})`, [
      `npm run build -w ${page}   (shows the whole output)`,
    ]);
  // A service that serves the page meanwhile never sees half of it.
  const dist = join(root, page, 'dist');
  const old = join(root, page, 'dist.old.tmp');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
  mkdirSync(join(tools, 'stamps'), { recursive: true });
  writeFileSync(stamp(page), hash);
  return page;
}

/** @param {string} page */
function isBuilt(page) {
  if (!existsSync(join(root, page, 'dist/index.html')) || !existsSync(stamp(page))) return false;
  return readFileSync(stamp(page), 'utf8') === sourcesHash(page);
}

/** @param {string} page */
function stamp(page) {
  return join(tools, 'stamps', `page-${page}`);
}

/** @param {string} page */
function sourcesHash(page) {
  const hash = createHash('sha256');
  for (const path of [page, ...SHARED].flatMap(sourceFiles)) {
    hash.update(`${path}\0`);
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** What can change a build: neither tests nor what a build makes. @param {string} path of a folder or file, from the root @returns {string[]} */
function sourceFiles(path) {
  if (path.includes('.')) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.split(sep).some((part) => part === 'node_modules' || part.startsWith('dist')) && !/\.(test|md)\b/.test(file))
    .map((file) => join(path, file))
    .filter((file) => statSync(join(root, file)).isFile())
    .sort();
}
