/** `npm run node -- FILE [ARGUMENTS]`: a program of the project under the Node that set-up provides, e.g. the ledger’s check. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('check');
  process.exitCode = await launch(node, process.argv.slice(2), env);
} catch (error) {
  await exitWith(error);
}
