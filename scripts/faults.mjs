/** `npm run test:faults [-- --seed N --storms N]`: set-up as for tests, then the faults in tests/faults. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  process.exitCode = await launch(node, ['tests/faults/run.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
