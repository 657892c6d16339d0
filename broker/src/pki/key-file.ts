/** Secret files of the centre's certificates: whole or not at all, readable by their owner only. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '@shouwang/protocol';

/** A passphrase that a person made up is at least so long. */
const SHORTEST = 16;

/** Replaces the file durably: temporary file, fsync, rename, fsync of the folder. */
export function writeSecretFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.tmp`;
  const fd = openSync(fresh, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The file's text, or undefined where there is none. Throws what else goes wrong. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The passphrase of the CA's key: `configured`, or the credential `ca-passphrase` that systemd put into its folder (LoadCredential=).
 * undefined where neither is there: the key stays locked. Throws CONFIG_INVALID when others may read it, or when it is too short.
 */
export function readPassphrase(configured: string, env: Record<string, string | undefined>): string | undefined {
  const credential = env.CREDENTIALS_DIRECTORY ? join(env.CREDENTIALS_DIRECTORY, 'ca-passphrase') : '';
  const path = configured || credential;
  if (!path) return undefined;
  const text = readIfThere(path)?.trim();
  if (text === undefined) return undefined;
  // systemd's own folder is guarded by the folder.
  if (path === configured && (statSync(path).mode & 0o077) !== 0)
    throw new CodedError('CONFIG_INVALID', `ca.passphraseFile: expected a file that only its owner can read (chmod 600), found ${path}`);
  if (text.length < SHORTEST)
    throw new CodedError('CONFIG_INVALID', `ca.passphraseFile: expected at least ${SHORTEST} characters in ${path}`);
  return text;
}
