/**
 * Remote configurations of boxes: signed elsewhere, kept here, sent to whoever they are for, now and after every `up/sync`. The centre
 * cannot make one, and a box believes only the signature.
 */
import {
  areaContains,
  asCoded,
  CodedError,
  type ConfigSpread,
  type ConfigSpreadDone,
  makeEvent,
  type RemoteConfig,
  type RemoteConfigView,
  topics,
} from '@shouwang/protocol';
import { parseAs } from '@shouwang/protocol/validators';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import type { Store } from '../store/store.ts';
import type { RemoteConfigRow } from './operations.ts';

type Signed = ConfigSpread['config'];

export interface RemoteConfigsOptions {
  store: Store;
  clock: Clock;
  directory: Pick<Directory, 'boxes'>;
  isOnline(boxId: string): boolean;
  say(topic: string, payload: unknown): void;
}

/** Boxes of an area are told so many at a time, so that alarms in between are not kept waiting. */
const AT_ONCE = 200;

export class RemoteConfigs {
  readonly #o: RemoteConfigsOptions;
  /** By target: ten thousand boxes that come back at once ask for theirs, and each may have one of its own. */
  #rows = new Map<string, RemoteConfigRow>();

  constructor(options: RemoteConfigsOptions) {
    this.#o = options;
  }

  async load(): Promise<void> {
    const rows = await this.#o.store.run('readRemoteConfigs', undefined);
    this.#rows = new Map(rows.map((row) => [row.target, row]));
  }

  list(): RemoteConfigView[] {
    return [...this.#rows.values()].map((row) => {
      const signed = JSON.parse(row.signed) as Signed;
      const { settings } = open(signed);
      return { target: row.target, version: row.version, kid: signed.kid, settings, by: row.given_by, at: row.at };
    });
  }

  /** Keeps it and sends it. Throws BAD_PAYLOAD where no box it is for could take it, NOT_FOUND, ID_CONFLICT. */
  async spread({ to, config }: ConfigSpread, by: string): Promise<ConfigSpreadDone> {
    const { store, clock, directory } = this.#o;
    const remote = open(config);
    checkAddressees(remote, to);
    const target = 'boxId' in to ? `box:${to.boxId}` : `area:${to.area}`;
    const meant = [...directory.boxes.values()].filter((b) => isFor(target, b.household)).map((b) => b.household.boxId);
    if ('boxId' in to && meant.length === 0) throw new CodedError('NOT_FOUND', 'this box is not enrolled');
    const row = { target, version: remote.version, signed: JSON.stringify(config), given_by: by, at: clock.now() };
    await store.run('saveRemoteConfig', row);
    await this.load();
    let sent = 0;
    for (const boxId of meant) {
      if (!this.#o.isOnline(boxId)) continue;
      this.sayTo(boxId);
      if (++sent % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return { version: remote.version, boxes: meant.length, sent };
  }

  /** `down/config`, where there is one for this box: the newest of those for itself and for the areas around it. */
  sayTo(boxId: string): void {
    const { clock, directory, say } = this.#o;
    const household = directory.boxes.get(boxId)?.household;
    const mine = household && this.#newestFor(household);
    if (!mine) return;
    const at = clock.now();
    say(
      topics.boxDown(boxId, 'config'),
      makeEvent('cn.shouwang.box.config.v1', 'centre', uuid7(at), at, JSON.parse(mine.signed) as Signed),
    );
  }

  #newestFor({ boxId, area }: { boxId: string; area: string }): RemoteConfigRow | undefined {
    let newest: RemoteConfigRow | undefined;
    for (const target of [`box:${boxId}`, ...AREA_DIGITS.map((digits) => `area:${area.slice(0, digits)}`)]) {
      const row = this.#rows.get(target);
      if (row && (!newest || row.version > newest.version)) newest = row;
    }
    return newest;
  }
}

/** County, township, village, grid: the lengths of an administrative code. */
const AREA_DIGITS = [6, 9, 12, 15];

function isFor(target: string, { boxId, area }: { boxId: string; area: string }): boolean {
  const [kind, name = ''] = target.split(':', 2);
  return kind === 'box' ? name === boxId : areaContains(name, area);
}

/** Throws BAD_PAYLOAD. */
function open(signed: Signed): RemoteConfig {
  try {
    return parseAs('RemoteConfig', Buffer.from(signed.payload, 'base64').toString('utf8'));
  } catch (error) {
    throw new CodedError('BAD_PAYLOAD', `the signed payload: ${asCoded(error).detail ?? 'not JSON'}`);
  }
}

/** Sent to an area, one made out to a single box would be refused by all others; likewise one made out to a smaller area. */
function checkAddressees(remote: RemoteConfig, to: ConfigSpread['to']): void {
  if ('boxId' in to) {
    if (remote.boxId !== undefined && remote.boxId !== to.boxId) throw new CodedError('BAD_PAYLOAD', `it is made out to ${remote.boxId}`);
    return;
  }
  if (remote.boxId !== undefined) throw new CodedError('BAD_PAYLOAD', `it is made out to ${remote.boxId} only`);
  if (remote.area !== undefined && !areaContains(remote.area, to.area))
    throw new CodedError('BAD_PAYLOAD', `it is made out to ${remote.area}`);
}
