/**
 * Makes certificates and reads requests, with `@peculiar/x509`. Loaded only when something is signed (`import()`): running the
 * listener needs none of it. The library finds its own classes by decorators, hence `reflect-metadata` first.
 */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  type CryptoProvider,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { CodedError } from '@shouwang/protocol';

cryptoProvider.set(webcrypto as unknown as Parameters<CryptoProvider['set']>[0] & Crypto);

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
/** `id-ecPublicKey` with `prime256v1` (RFC 5480, 2.1.1), uncompressed: how the SubjectPublicKeyInfo of a P-256 key begins. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

export type Period = { notBefore: number; notAfter: number };

/** 126 random bits; positive and of one length (RFC 5280, 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function commonName(value: string): Name {
  return new Name([{ CN: [{ utf8String: value }] }]);
}

/** The private key of `pkcs8` (DER), for signing. */
function signingKey(pkcs8: Buffer) {
  return webcrypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['sign']) as Promise<CryptoKey>;
}

function publicKey(spki: Buffer) {
  return webcrypto.subtle.importKey('spki', spki, CURVE, true, ['verify']) as Promise<CryptoKey>;
}

/** A self-signed authority over exactly one level of certificates (RFC 5280, 4.2.1.9). PEM. */
export async function makeAuthority(name: string, keys: { pkcs8: Buffer; spki: Buffer }, period: Period): Promise<string> {
  const spki = await publicKey(keys.spki);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: commonName(name),
    issuer: commonName(name),
    ...dates(period),
    publicKey: spki,
    signingKey: await signingKey(keys.pkcs8),
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(spki),
    ],
  });
  return certificate.toString('pem');
}

/** Whom a certificate is for: a box by its id, or the centre by the names under which boxes reach it. */
export type Subject = { boxId: string } | { server: string; names: string[] };

/** Signs a certificate for a public key (SPKI, DER). PEM. */
export async function makeCertificate(
  authority: { pem: string; pkcs8: Buffer },
  subject: Subject,
  spki: Buffer,
  period: Period,
): Promise<string> {
  const issuer = new X509Certificate(authority.pem);
  const key = await publicKey(spki);
  const isBox = 'boxId' in subject;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([isBox ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
    await SubjectKeyIdentifierExtension.create(key),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
  if (!isBox)
    extensions.push(
      new SubjectAlternativeNameExtension(
        subject.names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    );
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: commonName(isBox ? subject.boxId : subject.server),
    issuer: issuer.subjectName,
    ...dates(period),
    publicKey: key,
    signingKey: await signingKey(authority.pkcs8),
    signingAlgorithm: SIGNING,
    extensions,
  });
  return certificate.toString('pem');
}

/**
 * Reads a request (PKCS#10, RFC 2986): the subject must be this box's id and nothing else, the key on P-256, and the request signed with
 * it (proof of possession). Whatever else it asks for is ignored. Throws CSR_INVALID. Returns the public key (SPKI, DER).
 */
export async function readRequest(pem: string, boxId: string): Promise<Buffer> {
  let request: Pkcs10CertificateRequest;
  let valid: boolean;
  try {
    request = new Pkcs10CertificateRequest(pem);
    valid = await request.verify();
  } catch {
    throw new CodedError('CSR_INVALID', 'expected a PKCS#10 request in PEM');
  }
  const spki = Buffer.from(request.publicKey.rawData);
  if (!spki.subarray(0, P256_SPKI.length).equals(P256_SPKI)) throw new CodedError('CSR_INVALID', 'expected an EC key on P-256');
  if (!valid) throw new CodedError('CSR_INVALID', 'the request is not signed with its own key');
  const name = request.subjectName.toJSON();
  if (name.length !== 1 || JSON.stringify(Object.keys(name[0]!)) !== '["CN"]' || name[0]!.CN?.length !== 1 || name[0]!.CN[0] !== boxId)
    throw new CodedError('CSR_INVALID', `expected the subject CN=${boxId}, found ${request.subject.slice(0, 100)}`);
  return spki;
}

function dates({ notBefore, notAfter }: Period) {
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
}
