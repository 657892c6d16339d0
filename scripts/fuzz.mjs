/** `npm run test:fuzz [-- --seed N --count N --only NAME]`: set-up as for tests, then the parsers in tests/fuzz. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  process.exitCode = await launch(node, ['--expose-gc', 'tests/fuzz/run.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
