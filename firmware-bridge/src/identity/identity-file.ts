/**
 * The box's key and certificate on flash, in one file, so that they always belong together: what is in use, what was in use before it,
 * and the request that waits for its certificate.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from '../outbox/durable-fs.ts';

/** What the box shows to the centre. PEM. */
export interface Identity {
  key: string;
  /** The box's own certificate first. */
  chain: string;
  /** ms */
  notBefore: number;
  notAfter: number;
}

/** A request that was made and not answered yet. `id` is its message id: asked again, it is the same question. */
export interface Pending {
  id: string;
  key: string;
  csr: string;
}

export interface Kept {
  current: Identity | undefined;
  /** The last good one before it. */
  previous: Identity | undefined;
  pending: Pending | undefined;
}

export interface IdentityFile {
  /** What is there; what cannot be read counts as not there, and is logged. Never throws. */
  load(): Promise<Kept>;
  /** Resolves when the request is certain to be there after a power cut. Throws what the flash says. */
  keepPending(pending: Pending): Promise<void>;
  /** The certificate for a pending key comes into use; the one before is kept. Throws what the flash says: then nothing has changed. */
  install(next: Identity, before: Identity | undefined): Promise<void>;
}

const NAMES = { current: 'current.pem', previous: 'previous.pem', pending: 'pending.json' } as const;

export function createIdentityFile(deps: { fs: DurableFs; dir: string; log: Logger }): IdentityFile {
  const { fs, log } = deps;
  const dir = join(deps.dir, 'identity');

  async function read(name: string): Promise<Identity | undefined> {
    try {
      return parseIdentity(await fs.read(join(dir, name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.error({ err: error, name }, 'a certificate on flash cannot be read');
      return undefined;
    }
  }

  async function readPending(): Promise<Pending | undefined> {
    try {
      const value = (await readJson(fs, join(dir, NAMES.pending))) as Partial<Pending> | undefined;
      if (typeof value?.id !== 'string' || typeof value.key !== 'string' || typeof value.csr !== 'string') return undefined;
      return { id: value.id, key: value.key, csr: value.csr };
    } catch (error) {
      log.error({ err: error }, 'the request on flash cannot be read');
      return undefined;
    }
  }

  return {
    async load() {
      return { current: await read(NAMES.current), previous: await read(NAMES.previous), pending: await readPending() };
    },
    async keepPending(pending) {
      await fs.mkdir(dir);
      await writeDurably(fs, dir, NAMES.pending, JSON.stringify(pending));
    },
    async install(next, before) {
      await fs.mkdir(dir);
      if (before) await writeDurably(fs, dir, NAMES.previous, before.key + before.chain);
      await writeDurably(fs, dir, NAMES.current, next.key + next.chain);
      await fs.unlink(join(dir, NAMES.pending)).catch(() => {
        // It is for a key that is in use now: no harm in it.
      });
    },
  };
}

/** Reads a key and a chain that belong together. Throws CERT_INVALID. */
export function parseIdentity(text: string): Identity {
  const at = text.indexOf('-----BEGIN CERTIFICATE-----');
  try {
    return checkIdentity(text.slice(0, at), text.slice(at));
  } catch (cause) {
    throw cause instanceof CodedError ? cause : new CodedError('CERT_INVALID', 'no key and certificate', { cause });
  }
}

/** Throws CERT_INVALID when the certificate is not for this key, or (`boxId`) not for this box. */
export function checkIdentity(key: string, chain: string, boxId?: string): Identity {
  let own: X509Certificate;
  try {
    own = new X509Certificate(chain);
  } catch (cause) {
    throw new CodedError('CERT_INVALID', 'expected a certificate in PEM', { cause });
  }
  if (!own.checkPrivateKey(createPrivateKey(key))) throw new CodedError('CERT_INVALID', 'the certificate is not for the key of this box');
  if (boxId !== undefined && own.subject !== `CN=${boxId}`)
    throw new CodedError('CERT_INVALID', `the certificate is for ${own.subject.slice(0, 100)}, not for CN=${boxId}`);
  return { key, chain, notBefore: Date.parse(own.validFrom), notAfter: Date.parse(own.validTo) };
}
