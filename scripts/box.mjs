/** `npm run -s box -- enrol|renew|revoke|…`: boxes and their certificates at the running centre, see docs/operations.md. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('check');
  process.exitCode = await launch(node, ['broker/src/box-cli.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
