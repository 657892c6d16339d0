/** Tools for the operator of the centre: `node broker/src/cli.ts ledger verify [--config FILE] [--data-dir DIR]`. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asCoded } from '@shouwang/protocol';
import { dataFiles } from './app.ts';
import { loadBrokerConfig } from './config.ts';
import { verifyDatabase } from './ledger/verify.ts';

const USAGE = 'usage: node broker/src/cli.ts ledger verify [--config FILE] [--data-dir DIR]\n';

function main(): number {
  const { values, positionals } = parseArgs({
    options: { config: { type: 'string' }, 'data-dir': { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.join(' ') !== 'ledger verify') {
    process.stderr.write(USAGE);
    return 64;
  }
  const files = dataFiles(values['data-dir'] ?? loadBrokerConfig(values.config, process.env).dataDir);
  if (!existsSync(files.database)) {
    process.stderr.write(`broker: no ledger at ${files.database}\n`);
    return 66;
  }
  const key = existsSync(files.ledgerKey) ? files.ledgerKey : undefined;
  const result = verifyDatabase(files.database, key);
  process.stdout.write(`rows          ${result.rows}\nhead          ${result.head}\n`);
  process.stdout.write(`signed heads  ${result.signedHeads}${key ? `, valid up to row ${result.signedUpTo}` : ' (not checked: no key)'}\n`);
  for (const problem of result.problems) process.stdout.write(`PROBLEM       ${problem}\n`);
  process.stdout.write(result.ok ? 'The chain is whole.\n' : 'The chain is NOT whole.\n');
  return result.ok ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`broker: ${asCoded(error).message}\n`);
  process.exitCode = 1;
}
