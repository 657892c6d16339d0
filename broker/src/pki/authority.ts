/**
 * The centre's own certificate authority. Its private key lies encrypted (PKCS#8 with a passphrase) and is opened for each signature
 * and no longer; the listener runs without it. Without the passphrase everything that is signed already goes on working.
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import { readIfThere, readPassphrase, writeSecretFile } from './key-file.ts';
import type { Subject } from './x509.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 30 * 365;
/** Other clocks may be a little behind. */
const EARLIER_MS = 3_600_000;

export interface AuthorityOptions {
  /** The folder of `ca.pem` and `ca-key.pem`. */
  dir: string;
  /** `ca.passphraseFile`. */
  passphraseFile: string;
  env: Record<string, string | undefined>;
  /** For the certificate's name. */
  centreName: string;
  clock: Clock;
}

export class Authority {
  /** Its certificate. */
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly #options: AuthorityOptions;

  private constructor(pem: string, options: AuthorityOptions) {
    this.pem = pem;
    this.certificate = new X509Certificate(pem);
    this.#options = options;
  }

  /** Opens it, or makes it where there is none. Throws CONFIG_INVALID when it would have to be made and no passphrase is there. */
  static async open(options: AuthorityOptions): Promise<Authority> {
    const files = filesIn(options.dir);
    const kept = readIfThere(files.certificate);
    if (kept !== undefined) return new Authority(kept, options);
    const passphrase = readPassphrase(options.passphraseFile, options.env);
    if (passphrase === undefined)
      throw new CodedError(
        'CONFIG_INVALID',
        `ca.passphraseFile: expected a file with a passphrase, to make the centre's CA with; found ${options.passphraseFile || 'nothing'}`,
      );
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { makeAuthority } = await import('./x509.ts');
    const keys = { pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }), spki: publicKey.export({ type: 'spki', format: 'der' }) };
    const now = options.clock.now();
    const pem = await makeAuthority(`守望 CA ${options.centreName}`.slice(0, 60), keys, {
      notBefore: now - EARLIER_MS,
      notAfter: now + AUTHORITY_DAYS * DAY_MS,
    });
    // The key first: a certificate without its key would be a CA that can never sign.
    writeSecretFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string);
    writeSecretFile(files.certificate, pem);
    return new Authority(pem, options);
  }

  /** What boxes are told to trust: `sha256/` and the base64 of SHA-256 over the public key (SPKI), as in RFC 7469, 2.4. */
  get pin(): string {
    return pinOf(this.certificate.publicKey);
  }

  /** Whether this authority signed the certificate: name, constraints and signature, whatever the dates. */
  issued(certificate: X509Certificate): boolean {
    return certificate.checkIssued(this.certificate) && certificate.verify(this.certificate.publicKey);
  }

  /** Signs a certificate of `days` for a public key (SPKI, DER). PEM. Throws CA_LOCKED. */
  async sign(subject: Subject, spki: Buffer, days: number): Promise<string> {
    const { makeCertificate } = await import('./x509.ts');
    const key = this.#unlock();
    const now = this.#options.clock.now();
    return makeCertificate({ pem: this.pem, pkcs8: key.export({ type: 'pkcs8', format: 'der' }) }, subject, spki, {
      notBefore: now - EARLIER_MS,
      notAfter: now + days * DAY_MS,
    });
  }

  /** Throws CA_LOCKED. */
  #unlock(): KeyObject {
    const { dir, passphraseFile, env } = this.#options;
    const pem = readIfThere(filesIn(dir).key);
    if (pem === undefined) throw new CodedError('CA_LOCKED', `there is no ${filesIn(dir).key}`);
    const passphrase = readPassphrase(passphraseFile, env);
    if (passphrase === undefined) throw new CodedError('CA_LOCKED', 'no passphrase is there');
    try {
      return createPrivateKey({ key: pem, passphrase });
    } catch (cause) {
      throw new CodedError('CA_LOCKED', 'the passphrase does not open the key', { cause });
    }
  }
}

function filesIn(dir: string) {
  return { certificate: join(dir, 'ca.pem'), key: join(dir, 'ca-key.pem') };
}

export function pinOf(key: KeyObject): string {
  return `sha256/${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')}`;
}
