/** What a person has set for a service: the environment, else its YAML file. No defaults: those are the service's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envName } from '@shouwang/protocol/config';
import { parse } from 'yaml';

export class Settings {
  readonly prefix: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #file: unknown;

  /** `text` is the service's YAML; one that cannot be parsed counts as empty here, because the service itself says what is wrong with it. */
  constructor(prefix: string, text: string, env: NodeJS.ProcessEnv) {
    this.prefix = prefix;
    this.#env = env;
    try {
      this.#file = parse(text);
    } catch {
      this.#file = undefined;
    }
  }

  /** The value of a dotted key, or undefined where nobody set it. Environment values are text. */
  get(path: string): unknown {
    const fromEnv = this.#env[envName(this.prefix, path)];
    if (fromEnv !== undefined) return fromEnv;
    return path.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), this.#file);
  }

  /** Like `get`, where a text is expected; an empty text counts as not set. */
  text(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** Like `get`, where a number is expected. */
  number(path: string): number | undefined {
    const value = this.get(path);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  /** Like `get`, where a list is expected; in the environment it is YAML, as the services read it. */
  list(path: string): unknown[] {
    const value = this.get(path);
    const list = typeof value === 'string' ? parseOr(value) : value;
    return Array.isArray(list) ? list : [];
  }
}

/** Reads `config/NAME.yaml` of the checkout. */
export function readSettings(root: string, name: string, prefix: string, env: NodeJS.ProcessEnv): Settings {
  return new Settings(prefix, readText(join(root, 'config', `${name}.yaml`)), env);
}

/** Whether a URL points at this very machine: then it means the process that we start, wherever that listens. */
export function isLoopback(url: string | undefined): boolean {
  if (url === undefined) return true;
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseOr(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
