/** A media node and a player that do what a test says. */
import type { Player, PlayerOptions, SessionHandle, Still } from '@shouwang/player';
import type { Grant } from '@shouwang/protocol';
import type { Media } from '../services/media.ts';

export class FakeMedia implements Media {
  readonly sessions: { cameraId: string; closed: boolean; ended: string | undefined }[] = [];
  readonly players: { options: PlayerOptions; closed: boolean; time: number | undefined }[] = [];
  readonly loads: string[] = [];
  released = 0;
  pictureAt: number | undefined = 1;
  refuse: { session?: string; still?: string } = {};

  openSession = (grant: Grant): Promise<SessionHandle> => {
    if (this.refuse.session) return Promise.reject(Object.assign(new Error('x'), { code: this.refuse.session }));
    const record = { cameraId: grant.cameraId, closed: false, ended: undefined as string | undefined };
    this.sessions.push(record);
    return Promise.resolve({
      cameraId: grant.cameraId,
      get ended() {
        return record.ended;
      },
      close: () => {
        record.closed = true;
        return Promise.resolve();
      },
    } as unknown as SessionHandle);
  };

  loadStill = (session: SessionHandle): Promise<Still> => {
    this.loads.push(session.cameraId);
    if (this.refuse.still) return Promise.reject(Object.assign(new Error('x'), { code: this.refuse.still }));
    return Promise.resolve({
      blobUrl: `blob:${session.cameraId}:${this.loads.length}`,
      pictureAt: this.pictureAt,
      release: () => {
        this.released++;
      },
    });
  };

  createPlayer = (options: PlayerOptions): Player => {
    const record = { options, closed: false, time: undefined as number | undefined };
    this.players.push(record);
    return {
      state: 'connecting',
      transport: 'webrtc',
      pictureTime: () => record.time,
      close: () => {
        record.closed = true;
      },
    };
  };

  get open(): string[] {
    return this.sessions.filter((s) => !s.closed).map((s) => s.cameraId);
  }
}

/** Grants for whatever is asked. */
export function grantAll(params: unknown) {
  const { cameraIds } = params as { cameraIds: string[] };
  return { grants: cameraIds.map((cameraId) => ({ cameraId, token: 't', mediaUrl: 'http://node', expiresAt: 0 })), refused: [] };
}

/** As much of a video element as the page looks at; `plays` shows one more frame. */
export function fakeVideo() {
  let frames = 0;
  const video = { currentTime: 0, readyState: 4, getVideoPlaybackQuality: () => ({ totalVideoFrames: frames }) };
  return {
    video: video as unknown as HTMLVideoElement,
    plays: () => {
      frames++;
    },
  };
}
