/** Tools for whoever runs the centre, on its own machine: `node broker/src/cli.ts COMMAND … [--config FILE] [--data-dir DIR]`. */
import { parseArgs } from 'node:util';
import { asCoded } from '@shouwang/protocol';
import { boxes } from './cli/boxes.ts';
import { type Command, EX_USAGE } from './cli/command.ts';
import { deadLetters } from './cli/dead-letters.ts';
import { ledger } from './cli/ledger.ts';
import { loadBrokerConfig } from './config.ts';
import { dataFiles } from './data-files.ts';
import { CONFIG_USAGE, configCommand } from './remote-config/command.ts';

const COMMANDS: Record<string, Command> = { ledger, boxes, 'dead-letters': deadLetters };

const USAGE = `usage: node broker/src/cli.ts COMMAND [--config FILE] [--data-dir DIR]
${Object.values(COMMANDS)
  .flatMap((command) => command.usage)
  .map((line) => `  ${line}\n`)
  .join('')}${CONFIG_USAGE}`;

/** `config` has options of its own. */
async function configTool(args: string[]): Promise<number> {
  const socket = (v: { config?: string; 'data-dir'?: string }) =>
    dataFiles(v['data-dir'] ?? loadBrokerConfig(v.config, process.env).dataDir).adminSocket;
  process.stdout.write(await configCommand(args, socket));
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      config: { type: 'string' },
      'data-dir': { type: 'string' },
      partial: { type: 'boolean', default: false },
      'make-secrets': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [name = '', ...words] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const files = () => dataFiles(values['data-dir'] ?? loadBrokerConfig(values.config, process.env).dataDir);
  const flags = { partial: values.partial, makeSecrets: values['make-secrets'] };
  const code = await command?.run(words, { files, flags, print: (text) => void process.stdout.write(`${text}\n`) });
  if (code !== undefined) return code;
  process.stderr.write(USAGE);
  return EX_USAGE;
}

try {
  process.exitCode = process.argv[2] === 'config' ? await configTool(process.argv.slice(3)) : await main();
} catch (error) {
  const bad = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS');
  process.stderr.write(bad ? `broker: ${(error as Error).message}\n${USAGE}` : `broker: ${asCoded(error).message}\n`);
  process.exitCode = bad ? EX_USAGE : 1;
}
