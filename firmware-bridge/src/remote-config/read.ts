/** From a signed message to settings that this box takes, or a coded reason why not. Pure. */
import { CodedError, type RemoteConfig } from '@shouwang/protocol';
import { parseAs } from '@shouwang/protocol/validators';
import { type BridgeConfig, readBridgeConfig } from '../config.ts';
import { checkSignature, type TrustedKey } from '../signing/ed25519.ts';
import type { Signed } from './file.ts';

/** The signature first: nothing of the payload is read before. Throws SIGNATURE_INVALID, BAD_JSON, BAD_PAYLOAD. */
export function openSigned(signed: Signed, keys: readonly TrustedKey[]): RemoteConfig {
  const bytes = Buffer.from(signed.payload, 'base64');
  checkSignature(keys, bytes, signed);
  return parseAs('RemoteConfig', bytes.toString('utf8'));
}

/** Throws CONFIG_INVALID for a configuration that is meant for others. */
export function checkAddressee(remote: RemoteConfig, box: { id: string; area: string }): void {
  if (remote.boxId !== undefined && remote.boxId !== box.id) throw new CodedError('CONFIG_INVALID', 'boxId: it is for another box');
  if (remote.area === undefined) return;
  if (!box.area) throw new CodedError('CONFIG_INVALID', 'area: this box does not know its own (box.area)');
  if (!box.area.startsWith(remote.area)) throw new CodedError('CONFIG_INVALID', 'area: it is for boxes elsewhere');
}

/** The box's own configuration with the remote settings over it. Throws CONFIG_INVALID where the two do not go together. */
export function merged(own: BridgeConfig, settings: RemoteConfig['settings']): BridgeConfig {
  const { alarm, keys, uplink, log } = own;
  const next = {
    ...own,
    alarm: { ...alarm, ...settings.alarm },
    keys: { ...keys, ...settings.keys },
    uplink: { ...uplink, ...settings.uplink },
    log: { ...log, ...settings.log },
  };
  const u = next.uplink;
  if (u.reconnectMinMs > u.reconnectMaxMs) throw new CodedError('CONFIG_INVALID', 'uplink.reconnectMinMs: greater than reconnectMaxMs');
  if (u.retryMinMs > u.retryMaxMs) throw new CodedError('CONFIG_INVALID', 'uplink.retryMinMs: greater than retryMaxMs');
  // The same reader as for the file: the same bounds. JSON is YAML.
  return readBridgeConfig(JSON.stringify(next), {}, 'remote configuration');
}
