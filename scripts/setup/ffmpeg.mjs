/** ffmpeg: `FFMPEG_BIN`; ffmpeg-static's file; the one on PATH; else ffmpeg-static's own install script, briefly; else apt. */
import { accessSync, constants, existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { installPackages } from './apt.mjs';
import { output } from './command.mjs';
import { runDownload } from './download.mjs';
import { SetUpFailure } from './failure.mjs';
import { nodeBinary, pathWithNode } from './node.mjs';
import { root } from './paths.mjs';

const staticFolder = join(root, 'node_modules/ffmpeg-static');
const staticBinary = join(staticFolder, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');

/** The ffmpeg to run with, if there is one. */
export function ffmpegBinary() {
  if (process.env.FFMPEG_BIN) return process.env.FFMPEG_BIN;
  return existsSync(staticBinary) ? staticBinary : onPath('ffmpeg');
}

/** @type {import('./steps.mjs').Step} */
export const ffmpegStep = {
  name: 'ffmpeg',
  async needed() {
    const given = process.env.FFMPEG_BIN;
    if (given && !isExecutable(given))
      throw new SetUpFailure(`FFMPEG_BIN=${given} cannot be executed`, 'there is no such program', [
        'unset FFMPEG_BIN   (set-up then finds or installs one)',
      ]);
    return ffmpegBinary() ? undefined : 'none found';
  },
  async work(progress) {
    if (existsSync(join(staticFolder, 'install.js'))) {
      progress('asking for the static build');
      const { FFMPEG_BIN, ...env } = process.env;
      const result = await runDownload(nodeBinary(), [installScript()], {
        name: 'ffmpeg-static',
        cwd: staticFolder,
        env: { ...env, PATH: pathWithNode(env) },
        file: staticBinary,
        progress,
      });
      if (result.ok && (await output(staticBinary, ['-version'])).code === 0) return 'the static build';
      rmSync(staticBinary, { force: true });
    }
    await installPackages(['ffmpeg'], 'ffmpeg', progress);
    return 'installed by apt';
  },
};

/** The script that ffmpeg-static's package.json names as its install script. */
function installScript() {
  const { scripts } = JSON.parse(readFileSync(join(staticFolder, 'package.json'), 'utf8'));
  return String(scripts?.install ?? '').replace(/^node\s+/, '') || 'install.js';
}

/** @param {string} name */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
