/** Hands out grants: checked, put on the record, then signed. */
import { CodedError, type ErrorCode, type Grant, type Position, type Unmask, unmaskGrantReason } from '@shouwang/protocol';
import type { Catalogue } from '../cameras/catalogue.ts';
import type { CatalogueRow } from '../cameras/operations.ts';
import type { Clock } from '../clock.ts';
import { uuid7 } from '../ids.ts';
import type { Store } from '../store/store.ts';
import type { IssuedGrant } from './operations.ts';
import type { GrantSigner } from './signer.ts';
import type { Unmasking } from './unmask-operations.ts';

export interface GranterOptions {
  catalogue: Catalogue;
  signer: GrantSigner;
  store: Store;
  clock: Clock;
  /** Seconds for which a grant may be presented. */
  validS: number;
}

export interface GrantOutcome {
  grants: Grant[];
  refused: { cameraId: string; code: ErrorCode }[];
}

/** A household that asks. */
export interface Asking {
  boxId: string;
  area: string;
  position?: Position | undefined;
}

/**
 * A revocation is dated no later than so long from now, ms. A clock that ran further ahead than any node's gave out grants that no node whose clock
 * is right takes; and what is dated in the future ends what is opened until then, for as long as it is kept.
 */
const MAX_AHEAD_MS = 600_000;

export class Granter {
  readonly #o: GranterOptions;
  /** When the newest grant was made, ms. */
  #newestAt = 0;

  constructor(options: GranterOptions) {
    this.#o = options;
  }

  /** When a revocation of now is dated, ms: nodes end what is not younger, and a clock that was set back leaves grants behind that are. */
  revocationDate(): number {
    const now = this.#o.clock.now();
    return Math.max(now, Math.min(this.#newestAt, now + MAX_AHEAD_MS));
  }

  /** For a household. A hidden camera and none at all look the same: CAMERA_NOT_GRANTED. */
  async forHousehold(who: Asking, cameraIds: string[], why: string): Promise<GrantOutcome> {
    const { catalogue } = this.#o;
    const refused: GrantOutcome['refused'] = [];
    const wanted: CatalogueRow[] = [];
    for (const cameraId of new Set(cameraIds)) {
      const camera = catalogue.get(cameraId);
      if (!camera || !catalogue.mayWatch(camera, who.area)) refused.push({ cameraId, code: 'CAMERA_NOT_GRANTED' });
      else if (!catalogue.isOnline(camera) || !catalogue.mediaUrl(camera.node)) refused.push({ cameraId, code: 'CAMERA_OFFLINE' });
      else wanted.push(camera);
    }
    return { grants: await this.#issue(wanted, `box:${who.boxId}`, why), refused };
  }

  /** For an operator. Throws CAMERA_UNKNOWN, CAMERA_OFFLINE. */
  async forOperator(user: string, cameraId: string, why: string): Promise<Grant> {
    const { catalogue } = this.#o;
    const camera = catalogue.get(cameraId);
    if (!camera) throw new CodedError('CAMERA_UNKNOWN');
    if (!catalogue.isOnline(camera) || !catalogue.mediaUrl(camera.node)) throw new CodedError('CAMERA_OFFLINE');
    const [grant] = await this.#issue([camera], `operator:${user}`, why);
    return grant!;
  }

  /** For a live camera without its masks, by somebody who may. Throws CAMERA_UNKNOWN, CAMERA_OFFLINE, NOT_ALLOWED where it has none. */
  async unmasked(asked: Unmasking & { unmask: Unmask }): Promise<Grant> {
    const { catalogue } = this.#o;
    const camera = catalogue.get(asked.cameraId);
    if (!camera) throw new CodedError('CAMERA_UNKNOWN');
    if (!camera.masked) throw new CodedError('NOT_ALLOWED', 'this camera has no masks');
    if (!catalogue.isOnline(camera) || !catalogue.mediaUrl(camera.node)) throw new CodedError('CAMERA_OFFLINE');
    const why = unmaskGrantReason(asked.unmask.reason, asked.caseNo);
    const [grant] = await this.#issue([camera], `operator:${asked.user}`, why, asked);
    return grant!;
  }

  /** For one clip of a case, whose look-up is on the record; the grant opens this clip and no camera. With `unmasking`, without its masks. */
  async forClip(
    user: string,
    clip: Pick<CatalogueRow, 'id' | 'node'>,
    why: string,
    unmasking?: Unmasking & { unmask: Unmask },
  ): Promise<Grant> {
    const [grant] = await this.#issue([clip], `operator:${user}`, why, unmasking);
    return grant!;
  }

  async #issue(
    cameras: Pick<CatalogueRow, 'id' | 'node'>[],
    viewer: string,
    why: string,
    unmasking?: IssuedGrant['unmasking'],
  ): Promise<Grant[]> {
    if (cameras.length === 0) return [];
    const { store, clock, validS, signer, catalogue } = this.#o;
    // JWT times are whole seconds (RFC 7519, 2): what is said beside the token agrees with what is in it.
    const now = clock.now();
    const issuedS = Math.floor(now / 1000);
    this.#newestAt = Math.max(this.#newestAt, now);
    const issued: IssuedGrant[] = cameras.map((camera) => ({
      grantId: uuid7(now),
      cameraId: camera.id,
      node: camera.node,
      viewer,
      why,
      issuedAt: issuedS * 1000,
      expiresAt: (issuedS + validS) * 1000,
      unmasking,
    }));
    await store.run('recordGrants', { grants: issued });
    return Promise.all(
      issued.map(async (g) => ({
        cameraId: g.cameraId,
        token: await signer.sign({
          iss: 'shouwang-centre',
          aud: 'shouwang-media',
          sub: viewer,
          cam: g.cameraId,
          why,
          ...(unmasking ? { unmasked: true } : {}),
          jti: g.grantId,
          iat: issuedS,
          exp: issuedS + validS,
        }),
        mediaUrl: catalogue.mediaUrl(g.node) ?? '',
        expiresAt: g.expiresAt,
      })),
    );
  }
}
