/** A centre's CA for tests of the box, with a library: the box's own code must get on with it. */
import 'reflect-metadata';
import { createHash, X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** ms */
export interface Validity {
  notBefore: number;
  notAfter: number;
}
const ALWAYS: Validity = { notBefore: 0, notAfter: 4_000_000_000_000 };

/** What a TLS server needs. PEM. */
export interface ServerKeys {
  key: string;
  cert: string;
}

export class TestAuthority {
  readonly pem: string;
  readonly #keys: CryptoKeyPair;

  private constructor(pem: string, keys: CryptoKeyPair) {
    this.pem = pem;
    this.#keys = keys;
  }

  static async make(validity: Validity = ALWAYS): Promise<TestAuthority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Test CA',
      keys,
      signingAlgorithm: P256,
      ...dates(validity),
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    });
    return new TestAuthority(certificate.toString('pem'), keys);
  }

  get pin(): string {
    const spki = new NodeCertificate(this.pem).publicKey.export({ type: 'spki', format: 'der' });
    return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
  }

  /** Signs a box's request; the subject is the request's unless given. */
  async signs(csr: string, validity: Validity, boxId?: string): Promise<string> {
    const request = new Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('the request is not signed with its own key');
    return this.#signs(boxId ? `CN=${boxId}` : request.subject, request.publicKey, validity, ExtendedKeyUsage.clientAuth, []);
  }

  /** A server's key and chain, for these names. */
  async server(names: string[], validity: Validity = ALWAYS, usage: 'server' | 'client' = 'server'): Promise<ServerKeys> {
    const keys = await newKeys();
    const cert = await this.#signs(
      'CN=centre',
      keys.publicKey,
      validity,
      usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      names,
    );
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return { key: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`, cert };
  }

  async #signs(
    subject: string,
    publicKey: Pkcs10CertificateRequest['publicKey'] | CryptoKey,
    validity: Validity,
    usage: ExtendedKeyUsage,
    names: string[],
  ): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      serialNumber: randomBytes(8).toString('hex'),
      subject,
      issuer: 'CN=Test CA',
      ...dates(validity),
      publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: P256,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names.map((value) => ({ type: nameType(value), value })))]),
      ],
    });
    return `${certificate.toString('pem').trim()}\n${this.pem.trim()}\n`;
  }
}

function nameType(name: string): 'ip' | 'dns' {
  return /^[\d.]+$/.test(name) ? 'ip' : 'dns';
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']) as unknown as Promise<CryptoKeyPair>;
}

function dates({ notBefore, notAfter }: Validity) {
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
}
