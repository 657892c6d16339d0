/** Hashes of secrets. Passwords: scrypt. Random 256-bit secrets: SHA-256. All comparisons take constant time. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 16384, r: 8, p: 1 };
const KEY_BYTES = 32;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
  );
}

/** `scrypt$salt$key`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** Whether the password matches. A hash of unknown form matches nothing, and takes as long. */
export async function passwordMatches(password: string, hash: string | undefined): Promise<boolean> {
  const [form, salt, key] = (hash ?? '').split('$');
  const expected = Buffer.from(form === 'scrypt' && key ? key : '', 'base64url');
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'));
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/** SHA-256, hex. Only for secrets that are random. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether a random secret matches its hash. */
export function secretMatches(secret: string, hash: string): boolean {
  const a = Buffer.from(hashSecret(secret), 'hex');
  const b = Buffer.from(hash, 'hex');
  return a.length === b.length && timingSafeEqual(a, b);
}
