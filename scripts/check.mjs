/** `npm run check [-- --write]`: types, then lint with the import boundaries and formatting. Reads sources only. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('check');
  const types = await launch(node, ['node_modules/typescript/bin/tsc', '-p', '.'], env);
  console.log(types === 0 ? 'types: good' : 'types: see above');
  const lint = await launch(
    node,
    ['node_modules/@biomejs/biome/bin/biome', 'check', '--max-diagnostics=200', ...process.argv.slice(2)],
    env,
  );
  process.exitCode = types === 0 && lint === 0 ? 0 : 1;
} catch (error) {
  await exitWith(error);
}
