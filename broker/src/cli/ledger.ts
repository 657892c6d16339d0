/** `ledger verify`: reads the database, also while the centre runs. */
import { existsSync } from 'node:fs';
import { verifyDatabase } from '../ledger/verify.ts';
import { type Command, EX_NOINPUT } from './command.ts';

export const ledger: Command = {
  usage: ['ledger verify'],
  async run(words, { files, print }) {
    if (words.join(' ') !== 'verify') return undefined;
    const { database, ledgerKey } = files();
    if (!existsSync(database)) {
      process.stderr.write(`broker: no ledger at ${database}\n`);
      return EX_NOINPUT;
    }
    const key = existsSync(ledgerKey) ? ledgerKey : undefined;
    const result = verifyDatabase(database, key);
    print(`rows          ${result.rows}\nhead          ${result.head}`);
    print(`signed heads  ${result.signedHeads}${key ? `, valid up to row ${result.signedUpTo}` : ' (not checked: no key)'}`);
    if (result.rows > 0 && result.signedUpTo === 0)
      print('NOTE          no valid signature covers any row: a chain written anew would look the same');
    for (const problem of result.problems) print(`PROBLEM       ${problem}`);
    print(result.ok ? 'The chain is whole.' : 'The chain is NOT whole.');
    return result.ok ? 0 : 1;
  },
};
