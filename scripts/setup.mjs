/** `npm run setup [-- start|test|check]`: set-up alone; without an argument everything that start and test need. */
import process from 'node:process';
import { exitWith, setUp } from './setup/index.mjs';

const PURPOSES = /** @type {const} */ (['start', 'test', 'check']);
const wanted = process.argv[2] ?? 'test';
const purpose = PURPOSES.find((one) => one === wanted);
try {
  if (!purpose) throw new Error(`npm run setup -- ${PURPOSES.join('|')}: there is no "${wanted}"`);
  await setUp(purpose);
} catch (error) {
  await exitWith(error);
}
