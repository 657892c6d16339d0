/**
 * Hop Ⓒ at the desk: the viewer sessions of the case being looked at. One session a camera, got when it is first asked for,
 * all ended when the case is left: nobody watches a camera without a case.
 */
import { CodedError, type Grant } from '@shouwang/protocol';

/** The part of the player's session that is used here. */
export interface Viewing {
  readonly cameraId: string;
  readonly ended: string | undefined;
  close(): Promise<void>;
}

export interface CaseViewsDeps<V extends Viewing> {
  grant(cameraId: string, caseNo: string): Promise<Grant>;
  open(grant: Grant): Promise<V>;
}

export class CaseViews<V extends Viewing> {
  readonly caseNo: string;
  readonly #deps: CaseViewsDeps<V>;
  readonly #sessions = new Map<string, Promise<V>>();
  #closed = false;

  constructor(caseNo: string, deps: CaseViewsDeps<V>) {
    this.caseNo = caseNo;
    this.#deps = deps;
  }

  /**
   * The session of a camera; a new one where there is none or it has ended. Rejects with the centre's or the node's code
   * (CAMERA_OFFLINE, NOT_ALLOWED, …), with SESSION_INVALID once the case was left. A failure is not kept: ask again.
   */
  async session(cameraId: string): Promise<V> {
    if (this.#closed) throw new CodedError('SESSION_INVALID');
    const known = this.#sessions.get(cameraId);
    if (known) {
      const view = await known;
      if (!view.ended) return view;
      if (this.#sessions.get(cameraId) === known) this.#sessions.delete(cameraId);
      return this.session(cameraId);
    }
    const opening = this.#open(cameraId);
    this.#sessions.set(cameraId, opening);
    opening.catch(() => {
      if (this.#sessions.get(cameraId) === opening) this.#sessions.delete(cameraId);
    });
    return opening;
  }

  async #open(cameraId: string): Promise<V> {
    const grant = await this.#deps.grant(cameraId, this.caseNo);
    if (this.#closed) throw new CodedError('SESSION_INVALID');
    const view = await this.#deps.open(grant);
    if (this.#closed) {
      void view.close();
      throw new CodedError('SESSION_INVALID');
    }
    return view;
  }

  /** The case is left: every session ends, also those still on their way. */
  close(): void {
    this.#closed = true;
    for (const session of this.#sessions.values()) session.then((view) => view.close()).catch(() => undefined);
    this.#sessions.clear();
  }
}
