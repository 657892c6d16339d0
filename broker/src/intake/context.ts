/** What every part of the intake works with. */
import type { Catalogue } from '../cameras/catalogue.ts';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { ClipDesk } from '../evidence/clip-desk.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Granter } from '../grants/granter.ts';
import type { Log } from '../log.ts';
import type { Notices } from '../notices/notices.ts';
import type { Certificates } from '../pki/certificates.ts';
import type { RemoteConfigs } from '../remote-config/remote-configs.ts';
import type { Store } from '../store/store.ts';
import type { BoxClocks } from './box-clocks.ts';

export interface IntakeContext {
  store: Store;
  clock: Clock;
  log: Log;
  directory: Directory;
  catalogue: Catalogue;
  granter: Granter;
  boxClocks: BoxClocks;
  clipDesk: Pick<ClipDesk, 'nodeListens'>;
  fleet: Pick<Fleet, 'heard' | 'status' | 'fault' | 'tested'>;
  /** undefined: this centre signs no certificates. */
  certificates: Certificates | undefined;
  remoteConfigs: Pick<RemoteConfigs, 'sayTo'>;
  notices: Pick<Notices, 'asked'>;
  centre: BrokerConfig['centre'];
  /** `YYYYMMDD` at the centre. */
  day(ms: number): string;
  /** Whether somebody is logged in at the centre. */
  staffed(): boolean;
  /** When the oldest of an operator's good log-ins was made, ms; undefined: there is none. */
  loggedInSince(user: string): number | undefined;
  /** Says something that the store need not remember: it can be worked out again. */
  say(topic: string, payload: unknown): void;
  /** Something was committed whose signature is awaited: the clock may have to be set. */
  alarmCommitted(at: number): void;
}
