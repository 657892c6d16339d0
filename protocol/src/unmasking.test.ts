import { expect, it } from 'vitest';
import { EXAMPLES } from './examples/examples.ts';
import { isValid } from './validators.ts';

it('a reason to see behind masks is said in words: blanks are none', () => {
  const asks = (words: string) => {
    const request = EXAMPLES.UnmaskedGrantRequest;
    return isValid('UnmaskedGrantRequest', { ...request, unmask: { ...request.unmask, words } });
  };
  for (const words of ['', ' ', '    ', '\n\n\n', '　　', ' 查 ']) expect(asks(words), JSON.stringify(words)).toBe(false);
  for (const words of ['核对', '核 对', ' 派出所调取，编号 12\n第二行']) expect(asks(words), words).toBe(true);
});
