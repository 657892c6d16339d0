/** Where Chinese lines may break, for Lightning. */
import { breakable } from '@shouwang/protocol/lines';

/** The shape that Lightning's TextTokenizer wants. */
export function tokenizer(text: string): { tokens: string[] }[] {
  return [{ tokens: breakable(text) }];
}
