/** `npm run pictures [-- DIR]`: set-up as for tests, then the README’s pictures taken from the real thing. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';
import { launch } from './setup/launch.mjs';

try {
  const { node, env } = await setUp('test');
  process.exitCode = await launch(node, ['tests/pictures.ts', ...process.argv.slice(2)], env);
} catch (error) {
  await exitWith(error);
}
