/**
 * HTTP of a media node, for viewers. Every answer but `/health` needs `Authorization: Bearer <session>`,
 * got once for a grant. Errors are `ErrorBody` with the table's status.
 */

/** `POST /v1/sessions` takes `{ grant }` and answers 201 with this. */
export interface ViewerSession {
  /** The bearer secret. Never put it in a URL or a log. */
  session: string;
  cameraId: string;
  /** ms since 1970; moves forward with each renewal. */
  expiresAt: number;
  /** Renew at least this often (seconds): `POST /v1/sessions/current/renew` → `{ expiresAt }`. */
  renewEveryS: number;
}

export interface SessionRequest {
  grant: string;
}

/** Paths below the node's `publicUrl`. */
export const mediaPaths = {
  health: '/health',
  sessions: '/v1/sessions',
  /** DELETE ends it. */
  currentSession: '/v1/sessions/current',
  renew: '/v1/sessions/current/renew',
  /** JPEG; header `X-Picture-Time` is the picture's time in ms since 1970. */
  still: (cameraId: string) => `/v1/cameras/${cameraId}/still.jpg`,
  /** Answers 302 to the playlist of the running stream epoch: `/v1/cameras/{id}/hls/{epoch}/index.m3u8`. */
  hls: (cameraId: string) => `/v1/cameras/${cameraId}/hls/index.m3u8`,
  /** WHEP (draft-ietf-wish-whep): POST an SDP offer, 201 with the answer and `Location`; DELETE the Location to end.
   * The RTP timestamp of a live picture is when it was taken: 90 kHz ticks since 1970, modulo 2^32. */
  whep: (cameraId: string) => `/v1/cameras/${cameraId}/whep`,
} as const;

export const PICTURE_TIME_HEADER = 'x-picture-time';
