/** What the admin routes work with, and who may use them. */
import type { FastifyRequest } from 'fastify';
import type { Activation } from '../box-http/activation.ts';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Registry } from '../enrolment/registry.ts';
import type { Replays } from '../intake/replays.ts';
import type { Log } from '../log.ts';
import type { Certificates } from '../pki/certificates.ts';
import type { RemoteConfigs } from '../remote-config/remote-configs.ts';
import type { Store } from '../store/store.ts';

export interface AdminContext {
  store: Store;
  clock: Clock;
  log: Log;
  directory: Directory;
  registry: Registry;
  /** undefined: this centre signs no certificates. */
  certificates: Certificates | undefined;
  remoteConfigs: RemoteConfigs;
  /** Closes the box's connection, if there is one. */
  cut(boxId: string): void;
  replays: Replays;
  /** Of boxes without a daemon; undefined where they are not served. */
  activation: Activation | undefined;
  /** Whether the box is connected now. */
  isOnline(boxId: string): boolean;
}

/** Who asks: `operator:NAME`, or `local` on the centre's own machine. Throws NOT_LOGGED_IN, NOT_ALLOWED. */
export type WhoAsks = (request: FastifyRequest) => string;
