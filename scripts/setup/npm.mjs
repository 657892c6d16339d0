/** Runs npm: the one that started us, where one did. */
import process from 'node:process';
import { runCommand } from './command.mjs';

/** @param {string[]} args @param {import('./command.mjs').CommandOptions} options */
export function runNpm(args, options) {
  const cli = process.env.npm_execpath;
  const env = environmentForNpm(options.env ?? process.env);
  const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=http'];
  if (cli?.endsWith('.js')) return runCommand(process.execPath, [cli, ...args, ...flags], { ...options, env });
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
