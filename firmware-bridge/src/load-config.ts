/** The configuration file of a command line. */
import { readFileSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import { type BridgeConfig, readBridgeConfig } from './config.ts';

/** Without a file: all defaults, and the environment. Throws CONFIG_INVALID. */
export function loadConfig(file: string | undefined, env: NodeJS.ProcessEnv): BridgeConfig {
  if (file === undefined) return readBridgeConfig('', env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${file}: cannot be read: ${(error as Error).message}`);
  }
  return readBridgeConfig(text, env, file);
}
