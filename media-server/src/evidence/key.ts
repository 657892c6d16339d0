/** The key with which this node signs what it recorded: Ed25519, made at the first start, readable by its owner only. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import { writeDurablySync } from '../lib/durable.ts';

export class EvidenceKey {
  /** SHA-256 of the public key (SPKI, DER), hex. */
  readonly kid: string;
  /** SPKI, DER in base64. */
  readonly publicKey: string;
  readonly #private: KeyObject;

  constructor(pem: string) {
    this.#private = createPrivateKey(pem);
    const der = createPublicKey(this.#private).export({ type: 'spki', format: 'der' });
    this.kid = createHash('sha256').update(der).digest('hex');
    this.publicKey = der.toString('base64');
  }

  /** Reads the key or makes one. Throws CONFIG_INVALID where the file is no such key, or others can read it. */
  static open(path: string): EvidenceKey {
    let pem: string;
    try {
      pem = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(path, (error as Error).message);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
      writeDurablySync(path, pem);
    }
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) throw unusable(path, 'others can read it: chmod 600');
    try {
      return new EvidenceKey(pem);
    } catch (error) {
      throw unusable(path, (error as Error).message);
    }
  }

  /** base64url. */
  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.#private).toString('base64url');
  }
}

function unusable(path: string, why: string): CodedError {
  return new CodedError('CONFIG_INVALID', `dataDir: the signing key ${path} cannot be used: ${why}`);
}
