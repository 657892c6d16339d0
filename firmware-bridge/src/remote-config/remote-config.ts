/**
 * Remote configuration: a signed one is taken, kept and put in force; it is on trial until the centre was reached with it, and
 * otherwise rolled back by itself to the last good one. A box can be told to be slow or talkative, but not to go away.
 */
import { createHash } from 'node:crypto';
import { asCoded, CodedError, type RemoteConfig } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock.ts';
import type { BridgeConfig } from '../config.ts';
import type { Faults } from '../faults/register.ts';
import type { RemoteConfigFile, RemoteMemory, Signed } from './file.ts';
import { checkAddressee, merged, openSigned } from './read.ts';

export interface RemoteConfigDeps {
  clock: Clock;
  log: Logger;
  file: RemoteConfigFile;
  /** The box's own configuration, without anything remote. */
  own: BridgeConfig;
  boxId(): string;
  faults: Pick<Faults, 'begin' | 'clear'>;
  /** Puts a whole configuration in force. `prove`: the centre must be asked once more, so that `reached` can come. */
  apply(config: BridgeConfig, prove: boolean): void;
}

export interface RemoteConfigService {
  /** Version in force; 0: none. */
  readonly version: number;
  /** Reads what is kept and applies it. Before the uplink is there. Never throws. */
  load(): Promise<void>;
  /** The bridge starts: a configuration on trial has from now on to reach the centre. */
  start(): Promise<void>;
  /** `down/config`. Never throws: a refusal is logged and becomes the fault `config`. */
  take(signed: Signed): Promise<void>;
  /** The centre answered a question that was asked with the configuration now in force. */
  reached(): Promise<void>;
  close(): Promise<void>;
}

/** A configuration with which the bridge was started so often without reaching the centre is not tried again. */
const MAX_STARTS = 3;

export function createRemoteConfig(deps: RemoteConfigDeps): RemoteConfigService {
  const { clock, log, file, own, faults } = deps;
  const { keys, trialS } = own.remoteConfig;
  let memory: RemoteMemory = { v: 1, highest: 0 };
  let version = 0;
  let timer: Timer | undefined;
  let tail: Promise<void> = Promise.resolve();
  let closed = false;

  /** One at a time: a second message may come while the first is being written. */
  function inOrder(work: () => Promise<void>): Promise<void> {
    tail = tail.then(() => (closed ? undefined : work())).catch((error) => log.error({ err: error }, 'remote configuration failed'));
    return tail;
  }

  /** What `signed` means for this box now. Its key may have been withdrawn since it was taken. */
  function read(signed: Signed): { remote: RemoteConfig; config: BridgeConfig } {
    const remote = openSigned(signed, keys);
    checkAddressee(remote, { id: deps.boxId(), area: own.box.area });
    return { remote, config: merged(own, remote.settings) };
  }

  function putInForce(signed: Signed | undefined, prove: boolean): void {
    const now = signed && read(signed);
    version = now?.remote.version ?? 0;
    deps.apply(now?.config ?? own, prove);
  }

  async function rollBack(why: string): Promise<void> {
    const { trial, good } = memory;
    if (!trial) return;
    timer?.cancel();
    const bad = version;
    memory = { ...memory, trial: undefined, rolledBack: bad };
    // In force even where it cannot be written: the next start rolls back again.
    await file.save(memory).catch((error) => log.error({ err: error }, 'a roll-back could not be written'));
    faults.begin('config', `version ${bad} was rolled back: ${why}`);
    try {
      putInForce(good, true);
    } catch (error) {
      log.error({ err: error }, 'the last good remote configuration is not valid any more: the box’s own stands');
      putInForce(undefined, true);
    }
  }

  function armTrial(): void {
    timer?.cancel();
    timer = clock.after(trialS * 1000, () => void inOrder(() => rollBack(`the centre was not reached within ${trialS} s`)));
  }

  async function takeIn(signed: Signed): Promise<void> {
    const { remote, config } = read(signed);
    if (remote.version <= memory.highest) {
      // The centre sends what it has after every sync: the one that is known, good or rolled back, is no news.
      if (remote.version === memory.highest && digest(signed) === memory.digest) {
        if (memory.rolledBack === undefined && !memory.trial) faults.clear('config');
        return;
      }
      throw new CodedError('CONFIG_INVALID', `version ${remote.version} is not newer than ${memory.highest}`);
    }
    const next: RemoteMemory = {
      v: 1,
      highest: remote.version,
      digest: digest(signed),
      good: memory.good,
      trial: { config: signed, starts: 1 },
    };
    await file.save(next);
    memory = next;
    version = remote.version;
    log.info({ version, settings: remote.settings }, 'a remote configuration is on trial');
    armTrial();
    deps.apply(config, true);
  }

  return {
    get version() {
      return version;
    },
    async load() {
      memory = await file.load();
      for (const which of ['trial', 'good'] as const) {
        const signed = which === 'trial' ? memory.trial?.config : memory.good;
        if (!signed) continue;
        try {
          return putInForce(signed, false);
        } catch (error) {
          const { code, detail } = asCoded(error);
          log.error({ which, code, detail }, 'a kept remote configuration is not valid any more');
          memory = { ...memory, [which]: undefined };
        }
      }
    },
    start: () =>
      inOrder(async () => {
        if (memory.rolledBack !== undefined) faults.begin('config', `version ${memory.rolledBack} was rolled back`);
        if (!memory.trial) return;
        if (memory.trial.starts >= MAX_STARTS) return rollBack(`started ${MAX_STARTS} times without reaching the centre`);
        memory = { ...memory, trial: { ...memory.trial, starts: memory.trial.starts + 1 } };
        armTrial();
        await file.save(memory);
      }),
    take: (signed) =>
      inOrder(async () => {
        try {
          await takeIn(signed);
        } catch (error) {
          const { code, detail } = asCoded(error);
          log.warn({ code, detail, err: code === 'INTERNAL' ? error : undefined }, 'a remote configuration was refused');
          faults.begin('config', detail ? `${code}: ${detail}` : code);
        }
      }),
    reached: () =>
      inOrder(async () => {
        if (!memory.trial) return;
        timer?.cancel();
        const next = { ...memory, good: memory.trial.config, trial: undefined, rolledBack: undefined };
        log.info({ version }, 'the remote configuration is good: the centre was reached with it');
        faults.clear('config');
        memory = next;
        await file.save(next);
      }),
    async close() {
      closed = true;
      timer?.cancel();
      await tail;
    },
  };
}

function digest(signed: Signed): string {
  return createHash('sha256').update(signed.payload).digest('hex');
}
