/** Reads the enrolment file. */
import { readFileSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import { readConfig } from '@shouwang/protocol/config';
import { EnrolmentFile } from './schema.ts';

/** Parses and validates YAML (or JSON) text. Throws CONFIG_INVALID naming the bad key. */
export function parseEnrolment(text: string, name: string): EnrolmentFile {
  const file = readWithoutSecrets(text, name);
  refuseTwice(name, 'operators', file.operators, (o) => o.user);
  refuseTwice(name, 'boxes', file.boxes, (b) => b.boxId);
  refuseTwice(name, 'integrators', file.integrators, (i) => i.name);
  refuseTwice(name, 'mediaNodes', file.mediaNodes, (m) => m.node);
  return file;
}

/** A secret, or a whole entry with one in it. */
const HOLDS_SECRET = /(\.(secret|password)|\]|: (operators|boxes|integrators|mediaNodes)): expected /;

/** The message names a bad secret's key; the secret itself must not get onto a screen or into a log with it. */
function readWithoutSecrets(text: string, name: string): EnrolmentFile {
  try {
    return readConfig(EnrolmentFile, { name, text });
  } catch (error) {
    if (!(error instanceof CodedError) || !HOLDS_SECRET.test(error.detail ?? '')) throw error;
    throw new CodedError(error.code, error.detail?.replace(/, found [\s\S]*$/, ''));
  }
}

/** Reads the file at `path`. Throws CONFIG_INVALID when it cannot be read or is not valid. */
export function readEnrolmentFile(path: string): EnrolmentFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError(
      'CONFIG_INVALID',
      `enrolmentFile: expected a readable file, found ${path} (${(cause as NodeJS.ErrnoException).code})`,
    );
  }
  return parseEnrolment(text, path);
}

function refuseTwice<T>(file: string, list: string, items: T[], key: (item: T) => string): void {
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    const k = key(item);
    if (seen.has(k)) throw new CodedError('CONFIG_INVALID', `${file}: ${list}[${i}]: expected a name used once, found ${k} again`);
    seen.add(k);
  }
}
