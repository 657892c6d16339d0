/** Puts the HTTP channel for boxes together. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Registry } from '../enrolment/registry.ts';
import type { Log } from '../log.ts';
import type { BoxPaces } from '../mqtt/pace.ts';
import type { MqttHandlers } from '../mqtt/server.ts';
import type { Certificates } from '../pki/certificates.ts';
import type { Store } from '../store/store.ts';
import { Activation } from './activation.ts';
import { BoxDoor } from './box-door.ts';
import type { BoxHttp } from './box-routes.ts';
import type { Mailboxes } from './mailboxes.ts';

export interface BoxHttpDeps {
  config: BrokerConfig;
  store: Store;
  clock: Clock;
  log: Log;
  directory: Directory;
  mailboxes: Mailboxes;
  registry: Registry;
  certificates: Pick<Certificates, 'has' | 'ended'> | undefined;
  activationKey: string;
  paces: BoxPaces;
  handlers: Pick<MqttHandlers, 'receive' | 'refused' | 'tooFast'>;
}

export function boxHttpOf(deps: BoxHttpDeps): BoxHttp & { activation: Activation } {
  const { config, store, clock, log, directory, mailboxes, registry, paces, handlers } = deps;
  const { receive, refused, tooFast } = handlers;
  return {
    clock,
    mailboxes,
    receive,
    door: new BoxDoor({
      directory,
      clock,
      refused,
      mustShowCertificate: (boxId) => config.mqtt.boxSecrets === 'none' && (deps.certificates?.has(boxId) ?? false),
    }),
    activation: new Activation({
      store,
      clock,
      log,
      key: deps.activationKey,
      validMs: config.http.activationS * 1000,
      newSecret: (commit) => registry.newSecret(commit),
      activated: (boxId) => deps.certificates?.ended(boxId),
      refused,
    }),
    turn: (boxId, topic, payload) => {
      const waitMs = paces.of(boxId).turn(topic, (config.mqtt.holdS * 1000) / 2);
      if (waitMs === undefined) tooFast({ kind: 'box', boxId }, topic, payload);
      return waitMs;
    },
    reports: (boxId) => store.run('readReports', { boxId }),
    holdMs: config.mqtt.holdS * 1000,
  };
}

/** 256 random bits, base64url. */
export function newActivationKey(): string {
  return randomBytes(32).toString('base64url');
}
