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
      writeFileSync(needed(values.key, '--key'), newEd25519Pem(), { mode: 0o600, flag: 'wx' });
      return `the public key, for remoteConfig.keys on the boxes: ${publicKey(readFileSync(values.key!, 'utf8'))}\n`;
    }
    case 'sign': {
      const payload = {
        version: Number(needed(values.version, '--version')),
        ...(values.box ? { boxId: values.box } : {}),
        ...(values.area ? { area: values.area } : {}),
        settings: parse(readFileSync(needed(file, 'SETTINGS.yaml'), 'utf8')) ?? {},
      };
      // Said here, not by eight thousand boxes.
      const bytes = Buffer.from(JSON.stringify(validate('RemoteConfig', payload)));
      const key = createPrivateKey(readFileSync(needed(values.key, '--key')));
      if (key.asymmetricKeyType !== 'ed25519') throw new CodedError('CONFIG_INVALID', '--key: expected an Ed25519 key');
      const signature = sign(null, bytes, key).toString('base64');
      return `${JSON.stringify({ payload: bytes.toString('base64'), alg: 'Ed25519', kid: needed(values.kid, '--kid'), signature })}\n`;
    }
    case 'send': {
      if ((values.box === undefined) === (values.area === undefined)) throw new CodedError('CONFIG_INVALID', 'either --box or --area');
      const to = values.box !== undefined ? { boxId: values.box } : { area: values.area! };
      const config = JSON.parse(readFileSync(needed(file, 'SIGNED.json'), 'utf8')) as ConfigSpread['config'];
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

/** As boxes have it: the 32 bytes, base64. */
function publicKey(pem: string): string {
  const { x = '' } = createPublicKey(pem).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}
