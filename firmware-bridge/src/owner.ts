/** Whose files they are: what a command of an engineer leaves behind must be open to the bridge, which is another user than root. */
import { statSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';

/** Throws CONFIG_INVALID where `dir` belongs to another user. Nothing happens where there is no such folder yet, or no users. */
export function checkOwner(dir: string, me: number | undefined = process.getuid?.()): void {
  const owner = statSync(dir, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || me === undefined || owner === me) return;
  throw new CodedError('CONFIG_INVALID', `${dir}: belongs to user ${owner}, this is user ${me}: run the command as the user of the bridge`);
}
