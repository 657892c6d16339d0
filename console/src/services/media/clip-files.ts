/** Getting a clip from its media node: each look begins with a grant for this clip alone, which puts it on the record. */
import {
  type ClipExport,
  type ClipPurpose,
  type ClipRequest,
  CodedError,
  ERRORS,
  type ErrorBody,
  type Grant,
  mediaPaths,
  type Unmask,
} from '@shouwang/protocol';
import type { SessionHandle } from './player-module.ts';

export interface ClipFilesDeps {
  grant(caseNo: string, clipId: string, request: ClipRequest): Promise<Grant>;
  open(grant: Grant): Promise<Pick<SessionHandle, 'session' | 'mediaUrl' | 'close'>>;
  fetch: typeof fetch;
  /** Resolves after `ms`. */
  wait(ms: number): Promise<void>;
}

export interface WantedClip {
  caseNo: string;
  clipId: string;
  n: number;
  /** Without the camera's masks, for this reason. */
  unmask?: Unmask | undefined;
}

const LOOK_AGAIN_MS = 700;
/** Drawing the masks of a long clip on a busy node takes minutes. */
const MASKED_WITHIN_MS = 600_000;

export class ClipFiles {
  readonly #deps: ClipFilesDeps;

  constructor(deps: ClipFilesDeps) {
    this.#deps = deps;
  }

  /** To be played; `onWait` is told when its masks are being drawn still. Rejects with the code of centre or node. */
  play(clip: WantedClip, onWait: () => void): Promise<Blob> {
    return this.#with(clip, 'play', async (ask) => {
      for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
        try {
          return await (await ask('GET', mediaPaths.clipFile(clip.clipId, clip.n))).blob();
        } catch (error) {
          if (!(error instanceof CodedError) || error.code !== 'CLIP_NOT_READY' || waitedMs >= MASKED_WITHIN_MS) throw error;
        }
        onWait();
        await this.#deps.wait(LOOK_AGAIN_MS);
      }
    });
  }

  /** As it was recorded, and its signed manifest. */
  original(clip: WantedClip): Promise<{ mp4: Blob; manifest: Blob }> {
    return this.#with(clip, 'original', async (ask) => ({
      mp4: await (await ask('GET', mediaPaths.clipFile(clip.clipId, clip.n))).blob(),
      manifest: await (await ask('GET', mediaPaths.clipManifest(clip.clipId, clip.n))).blob(),
    }));
  }

  /** With the viewer's mark and the time burned in; `onPercent` is told how it gets on. */
  export(clip: WantedClip, onPercent: (percent: number) => void): Promise<Blob> {
    return this.#with(clip, 'export', async (ask) => {
      const path = mediaPaths.clipExport(clip.clipId, clip.n);
      let job = (await (await ask('POST', path)).json()) as ClipExport;
      while (job.state === 'running') {
        onPercent(job.percent);
        await this.#deps.wait(LOOK_AGAIN_MS);
        job = (await (await ask('GET', path)).json()) as ClipExport;
      }
      if (job.state === 'failed') throw new CodedError('INTERNAL');
      return (await ask('GET', mediaPaths.clipExportFile(clip.clipId, clip.n))).blob();
    });
  }

  async #with<T>(
    clip: WantedClip,
    what: ClipPurpose,
    use: (ask: (method: 'GET' | 'POST', path: string) => Promise<Response>) => Promise<T>,
  ): Promise<T> {
    const session = await this.#deps.open(
      await this.#deps.grant(clip.caseNo, clip.clipId, { what, ...(clip.unmask ? { unmask: clip.unmask } : {}) }),
    );
    try {
      return await use((method, path) => this.#ask(session, method, path));
    } finally {
      void session.close();
    }
  }

  async #ask({ mediaUrl, session }: { mediaUrl: string; session: string }, method: 'GET' | 'POST', path: string): Promise<Response> {
    let answer: Response;
    try {
      answer = await this.#deps.fetch(mediaUrl + path, { method, cache: 'no-store', headers: { authorization: `Bearer ${session}` } });
    } catch (cause) {
      throw new CodedError('OFFLINE', undefined, { cause });
    }
    if (answer.ok) return answer;
    const body = (await answer.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
    throw new CodedError(body?.code && body.code in ERRORS ? body.code : 'INTERNAL', body?.detail);
  }
}
