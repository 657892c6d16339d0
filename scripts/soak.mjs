/** `npm run test:soak [-- NAME… --minutes N --seed N]`: set-up as for tests, then the soaks in tests/soak. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  process.exitCode = await launch(node, ['tests/soak/run.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
