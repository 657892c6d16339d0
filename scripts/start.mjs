/** `npm start`: set-up, then everything on embedded defaults. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('start');
  process.exitCode = await launch(node, ['scripts/run.ts', ...process.argv.slice(2)], env, { ipc: true });
} catch (error) {
  await exitWith(error);
}
