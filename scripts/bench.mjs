/** `npm run bench -- NAME [--json FILE]`: set-up as for tests, then the harness in tests/bench. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  process.exitCode = await launch(node, ['tests/bench/run.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
