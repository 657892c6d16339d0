/** `boxes …`: the registry of the running centre, through its local socket. */
import { readFileSync } from 'node:fs';
import { type ActivationIssued, type AdminBox, adminPaths, CodedError, type EnrolmentDone, type RefusedEntry } from '@shouwang/protocol';
import { AdminRefusal, askCentre } from '../admin/client.ts';
import type { Command, CommandContext } from './command.ts';

const PAGE = 1000;

export const boxes: Command = {
  usage: [
    'boxes import FILE.csv [--partial] [--make-secrets]',
    'boxes list [AREA]',
    'boxes revoke BOX',
    'boxes reinstate BOX',
    'boxes activate BOX',
  ],
  async run(words, ctx) {
    const [verb, what, ...more] = words;
    if (more.length > 0) return undefined;
    if (verb === 'list') return list(ctx, what ?? '');
    if (what === undefined) return undefined;
    const path = encodeURIComponent(what);
    switch (verb) {
      case 'import':
        return importFile(ctx, what);
      case 'revoke':
        return change(ctx, adminPaths.revokeBox(path));
      case 'reinstate':
        return change(ctx, adminPaths.reinstateBox(path));
      case 'activate':
        return activate(ctx, adminPaths.activation(path));
      default:
        return undefined;
    }
  },
};

async function importFile({ files, flags, print }: CommandContext, file: string): Promise<number> {
  const query = `?partial=${Number(flags.partial)}&makeSecrets=${Number(flags.makeSecrets)}`;
  try {
    const done = await askCentre<EnrolmentDone>(files().adminSocket, 'POST', adminPaths.importBoxes + query, read(file));
    print(`enrolled ${done.enrolled}, changed ${done.changed}, unchanged ${done.unchanged}, refused ${done.refused.length}`);
    printRefused(done.refused, print);
    if (done.secrets.length > 0) print('boxId,secret');
    for (const { boxId, secret } of done.secrets) print(`${boxId},${secret}`);
    return done.refused.length > 0 ? 1 : 0;
  } catch (error) {
    const refused = error instanceof AdminRefusal ? (error.body as { refused?: RefusedEntry[] }).refused : undefined;
    if (!refused) throw error;
    print(`nothing was applied: ${refused.length} bad`);
    printRefused(refused, print);
    return 1;
  }
}

function printRefused(refused: RefusedEntry[], print: (text: string) => void): void {
  for (const { line, boxId, reason } of refused) print(`line ${line}${boxId ? ` (${boxId})` : ''}: ${reason}`);
}

async function list({ files, print }: CommandContext, area: string): Promise<number> {
  let after = '';
  for (;;) {
    const query = new URLSearchParams({ after, area, limit: String(PAGE) });
    const page = await askCentre<{ boxes: AdminBox[] }>(files().adminSocket, 'GET', `${adminPaths.boxes}?${query}`);
    for (const box of page.boxes) print(lineOf(box));
    if (page.boxes.length < PAGE) return 0;
    after = page.boxes.at(-1)!.boxId;
  }
}

async function change({ files, print }: CommandContext, path: string): Promise<number> {
  print(lineOf(await askCentre<AdminBox>(files().adminSocket, 'POST', path)));
  return 0;
}

/** A code for the engineer who stands in front of the box. */
async function activate({ files, print }: CommandContext, path: string): Promise<number> {
  const { boxId, code, expiresAt } = await askCentre<ActivationIssued>(files().adminSocket, 'POST', path);
  print(`${boxId}\t${code.slice(0, 4)} ${code.slice(4)}\tuntil ${new Date(expiresAt).toISOString()}`);
  return 0;
}

function lineOf(box: AdminBox): string {
  const state = box.revoked ? 'revoked' : box.online ? 'online' : 'offline';
  return [box.boxId, state, box.area, box.name, box.phone, box.address].join('\t');
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CodedError('NOT_FOUND', `${file} (${(cause as NodeJS.ErrnoException).code})`);
  }
}
