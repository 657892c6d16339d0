/** The bridge on a real box: `node bridge.cjs [--config FILE]`; `node bridge.cjs update FILE` installs another version of it. */
import { pickPlatform } from './platforms/registry.ts';
import { fail, run } from './run.ts';
import { updateCommand } from './update/command.ts';

const [, , command, ...args] = process.argv;
if (command === 'update')
  updateCommand(args, process.env).then(
    (version) => void process.stdout.write(`version ${version} is installed; it is on trial at the next start of the bridge\n`),
    fail,
  );
else void run(pickPlatform);
