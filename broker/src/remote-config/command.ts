/**
 * Remote configuration on the command line: `node broker/src/cli.ts config …`. Keys are made and used where they are kept, which need not be the
 * centre's machine; only `send` and `list` speak to the running centre.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { adminPaths, CodedError, type ConfigSpread, type ConfigSpreadDone, type RemoteConfigView } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import { parse } from 'yaml';
import { askCentre } from '../admin/client.ts';
import { newEd25519Pem } from '../grants/keys.ts';

export const CONFIG_USAGE = `  config keygen --key FILE
  config sign --key FILE --kid NAME --version N [--box ID] [--area CODE] SETTINGS.yaml > SIGNED.json
  config send (--box ID | --area CODE) SIGNED.json
  config list
`;

/** Returns what is to be printed. Throws CONFIG_INVALID, BAD_PAYLOAD, and the centre's refusal. `socket` is asked for only by what needs it. */
export async function configCommand(args: string[], socket: (values: { config?: string; 'data-dir'?: string }) => string): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      kid: { type: 'string' },
      version: { type: 'string' },
      box: { type: 'string' },
      area: { type: 'string' },
      config: { type: 'string' },
      'data-dir': { type: 'string' },
    },
  });
  const [what, file = ''] = positionals;
  switch (what) {
    case 'keygen': {
      make(needed(values.key, '--key'), newEd25519Pem());
      return `the public key, for remoteConfig.keys or update.keys on the boxes: ${publicKey(readFileSync(values.key!, 'utf8'))}\n`;
    }
    case 'sign': {
      const payload = {
        version: Number(needed(values.version, '--version')),
        ...(values.box ? { boxId: values.box } : {}),
        ...(values.area ? { area: values.area } : {}),
        settings: readWith(parse, needed(file, 'SETTINGS.yaml'), 'YAML') ?? {},
      };
      // Said here, not by eight thousand boxes.
      const bytes = Buffer.from(JSON.stringify(validate('RemoteConfig', payload)));
      const key = readWith(createPrivateKey, needed(values.key, '--key'), 'a private key in PEM');
      if (key.asymmetricKeyType !== 'ed25519') throw new CodedError('CONFIG_INVALID', '--key: expected an Ed25519 key');
      const signature = sign(null, bytes, key).toString('base64');
      return `${JSON.stringify({ payload: bytes.toString('base64'), alg: 'Ed25519', kid: needed(values.kid, '--kid'), signature })}\n`;
    }
    case 'send': {
      if ((values.box === undefined) === (values.area === undefined)) throw new CodedError('CONFIG_INVALID', 'either --box or --area');
      const to = values.box !== undefined ? { boxId: values.box } : { area: values.area! };
      const config = readWith(JSON.parse, needed(file, 'SIGNED.json'), 'JSON') as ConfigSpread['config'];
      const done = await askCentre<ConfigSpreadDone>(socket(values), 'POST', adminPaths.remoteConfigs, { to, config });
      return `version ${done.version}: for ${done.boxes} boxes, sent to ${done.sent} that are there now; the others get it when they come\n`;
    }
    case 'list': {
      const { configs } = await askCentre<{ configs: RemoteConfigView[] }>(socket(values), 'GET', adminPaths.remoteConfigs);
      const line = (c: RemoteConfigView) =>
        [c.target, c.version, c.kid, new Date(c.at).toISOString(), c.by, JSON.stringify(c.settings)].join('  ');
      return `${configs.map(line).join('\n') || 'none'}\n`;
    }
    default:
      throw new CodedError('CONFIG_INVALID', `command line:\n${CONFIG_USAGE}`);
  }
}

function needed(value: string | undefined, name: string): string {
  if (!value) throw new CodedError('CONFIG_INVALID', `${name} is missing\n${CONFIG_USAGE}`);
  return value;
}

/** Throws CONFIG_INVALID, naming the file, where it cannot be read or is not `what`. What is in it may be a key and is not said. */
function readWith<T>(as: (text: string) => T, path: string, what: string): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return as(text);
  } catch {
    throw new CodedError('CONFIG_INVALID', `${path} is not ${what}`);
  }
}

/** A key that is there stays: boxes trust it. */
function make(path: string, pem: string): void {
  try {
    writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CodedError('CONFIG_INVALID', `${path} cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** As boxes have it: the 32 bytes, base64. */
function publicKey(pem: string): string {
  const { x = '' } = createPublicKey(pem).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}
