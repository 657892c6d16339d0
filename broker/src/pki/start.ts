/** The centre's certificates when it starts, and each day after: CA, listener, boxes. */
import { CodedError } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { Authority } from './authority.ts';
import { Certificates } from './certificates.ts';
import { type ServerIdentity, serverIdentity } from './server-identity.ts';

const DAY_MS = 86_400_000;

export interface PkiOptions {
  config: Pick<BrokerConfig, 'mqtt' | 'ca' | 'centre'>;
  /** Folder of the keys and certificates. */
  dir: string;
  store: Store;
  directory: Directory;
  clock: Clock;
  log: Log;
}

export interface Pki {
  certificates: Certificates;
  identity: ServerIdentity;
  /** Looks each day whether the listener needs a new certificate; `renew` is told, if only for the day's ticket key. Returns how to stop. */
  daily(renew: (identity: ServerIdentity) => void): () => void;
}

/** Opens the centre's certificates, or makes them; undefined where TLS is off. Throws CONFIG_INVALID. */
export async function openPki(o: PkiOptions): Promise<Pki | undefined> {
  const { tls, boxSecrets } = o.config.mqtt;
  if (!tls.enabled) {
    if (boxSecrets !== 'any')
      throw new CodedError(
        'CONFIG_INVALID',
        `mqtt.boxSecrets: expected any where mqtt.tls.enabled is false, found ${boxSecrets}: no box could come in`,
      );
    return undefined;
  }
  const { store, directory, clock, log } = o;
  const authority = await Authority.open({
    dir: o.dir,
    passphraseFile: o.config.ca.passphraseFile,
    env: process.env,
    centreName: o.config.centre.name,
    clock,
  });
  const certificates = new Certificates({ authority, store, directory, clock, log, boxDays: o.config.ca.boxDays });
  await certificates.load();
  const look = () => serverIdentity({ dir: o.dir, names: tls.names, authority, now: clock.now(), log });
  return {
    certificates,
    identity: await look(),
    daily(renew) {
      let stop = (): void => undefined;
      const again = (): void => {
        stop = clock.after(DAY_MS, () => {
          look().then(renew, (error: unknown) => log.error({ err: error }, 'the listener’s certificate could not be looked after'));
          again();
        });
      };
      again();
      return () => stop();
    },
  };
}
