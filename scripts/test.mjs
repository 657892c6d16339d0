/** `npm test [-- vitest's arguments]`: set-up, then Vitest. Its report in JSON goes to tests/output/vitest.json as well. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  const reports = ['--reporter=default', '--reporter=json', '--outputFile.json=tests/output/vitest.json'];
  process.exitCode = await launch(node, ['node_modules/vitest/vitest.mjs', 'run', ...reports, ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
