/** Runs npm: the one that started us, where one did. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { runCommand } from './command.mjs';

/**
 * @param {string} node the Node to run npm itself with
 * @param {string[]} args @param {import('./command.mjs').CommandOptions} options
 */
export function runNpm(node, args, options) {
  const cli = process.env.npm_execpath;
  const env = environmentForNpm(options.env ?? process.env);
  const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=http'];
  if (cli?.endsWith('.js')) return runCommand(node, [cli, ...args, ...flags], { ...options, env });
  return runCommand('npm', [...args, ...flags], { ...options, env });
}

/**
 * What an outer `npm start` or `npm run … -w …` puts into the environment about itself would send an inner npm to the wrong folder.
 * @param {NodeJS.ProcessEnv} env
 */
export function environmentForNpm(env) {
  const about =
    /^npm_(lifecycle_|package_|command$|config_(local_prefix|prefix|workspace|workspaces|include_workspace_root|omit|include|production)$)|^INIT_CWD$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !about.test(name)));
}

/** npm's own words for what went wrong, without the warnings before and the usage after them. @param {import('./command.mjs').CommandResult} result */
export function npmError(result) {
  const said = readFileSync(result.log, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('npm error'))
    .map((line) => line.replace(/^npm error ?/, ''))
    .filter(Boolean);
  return `${(said.length > 0 ? said.slice(0, 8).join('\n') : result.tail) || 'npm could not be run'}\n(all of it: ${result.log})`;
}
