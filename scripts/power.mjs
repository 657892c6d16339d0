/**
 * `npm run test:power [-- --cuts N --seed N --only broker|bridge --without-fsync]`: set-up, a guest system for QEMU (made once a
 * machine, kept in the machine cache), then the cuts in tests/power.
 */
import process from 'node:process';
import { systemFolder, systemStep } from './power/system.mjs';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';
import { runSteps } from './setup/steps.mjs';

try {
  const { node, env } = await setUp('test');
  await runSteps([systemStep]);
  const folder = systemFolder(env);
  process.exitCode = await launch(node, ['tests/power/run.ts', '--system', folder, ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
