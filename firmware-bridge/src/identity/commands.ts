/**
 * What an engineer does at the box, while the bridge does not run: `enrol-request` makes the key and prints the request that the centre
 * signs, `install-certificate FILE` takes what it gives back. The private key stays on the box.
 */
import { readFileSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import { nodeFs } from '../outbox/durable-fs.ts';
import { checkIdentity, createIdentityFile } from './identity-file.ts';
import { makeRequest } from './request.ts';

export interface CommandDeps {
  dataDir: string;
  boxId: string;
  log: Logger;
  /** To the engineer. */
  say(text: string): void;
}

/** Prints the request, PEM. Asked again before a certificate came, it prints the same one: a paper that was lost changes nothing. Throws what the flash says. */
export async function enrolRequest({ dataDir, boxId, log, say }: CommandDeps): Promise<void> {
  const file = createIdentityFile({ fs: nodeFs, dir: dataDir, log });
  let { pending } = await file.load();
  if (!pending) {
    pending = { id: v7(), ...makeRequest(boxId) };
    await file.keepPending(pending);
  }
  say(pending.csr);
}

/** Takes the certificate for the request. Throws CONFIG_INVALID, CERT_INVALID. */
export async function installCertificate(path: string, { dataDir, boxId, log, say }: CommandDeps): Promise<void> {
  let chain: string;
  try {
    chain = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${path}: cannot be read: ${(error as Error).message}`);
  }
  const file = createIdentityFile({ fs: nodeFs, dir: dataDir, log });
  const { current, pending } = await file.load();
  if (!pending) throw new CodedError('CERT_INVALID', 'this box has asked for no certificate: enrol-request comes first');
  const next = checkIdentity(pending.key, chain, boxId);
  await file.install(next, current);
  say(`${boxId}: certificate installed, good until ${new Date(next.notAfter).toISOString()}. Start the bridge again.\n`);
}
