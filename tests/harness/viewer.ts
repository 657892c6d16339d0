/** A viewer on the wire: grant in, session out, and then whatever it dares to ask for. */
import { mediaPaths, PICTURE_TIME_HEADER, type ViewerSession } from '@shouwang/protocol';

export interface Answer {
  status: number;
  code?: string | undefined;
  body: Buffer;
  headers: Headers;
}

export class Viewer {
  readonly #base: string;
  session = '';

  constructor(mediaUrl: string) {
    this.#base = mediaUrl;
  }

  async asks(method: string, path: string, body?: string, type = 'application/json', session = this.session): Promise<Answer> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { ...(session ? { authorization: `Bearer ${session}` } : {}), ...(body === undefined ? {} : { 'content-type': type }) },
      body: body ?? null,
      redirect: 'follow',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const json = answer.headers.get('content-type')?.includes('json');
    return {
      status: answer.status,
      code: json ? (JSON.parse(String(bytes)) as { code?: string }).code : undefined,
      body: bytes,
      headers: answer.headers,
    };
  }

  /** Exchanges a grant; throws with the code when it is refused. */
  async enters(grant: string): Promise<ViewerSession> {
    const answer = await this.asks('POST', mediaPaths.sessions, JSON.stringify({ grant }));
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.code}`);
    const session = JSON.parse(String(answer.body)) as ViewerSession;
    this.session = session.session;
    return session;
  }

  async still(cameraId: string): Promise<{ jpeg: Buffer; at: number }> {
    const answer = await this.asks('GET', mediaPaths.still(cameraId));
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.code}`);
    return { jpeg: answer.body, at: Number(answer.headers.get(PICTURE_TIME_HEADER)) };
  }

  leaves(): Promise<Answer> {
    return this.asks('DELETE', mediaPaths.currentSession);
  }
}
