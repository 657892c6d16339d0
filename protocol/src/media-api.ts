/**
 * HTTP of a media node, for viewers. Every answer but `/health` needs `Authorization: Bearer <session>`,
 * got once for a grant. Errors are `ErrorBody` with the table's status.
 */

/** `POST /v1/sessions` takes `{ grant }` and answers 201 with this. */
export interface ViewerSession {
  /** The bearer secret. Never put it in a URL or a log. */
  session: string;
  cameraId: string;
  /** Who watches, for the mark over the picture: the id of a box, the name of an operator. */
  viewer?: string | undefined;
  /** ms since 1970; moves forward with each renewal. */
  expiresAt: number;
  /** Renew at least this often (seconds): `POST /v1/sessions/current/renew` → `{ expiresAt }`. */
  renewEveryS: number;
}

/** `GET …/state` of a camera. */
export interface CameraState {
  /** As the node's hub names it: `live` when pictures come. */
  phase: string;
  /** Why they do not, where it is known: a code of the error table. */
  code?: string | undefined;
  /** WHEP resources of the asking view that are open: none is left when the relay's worker died. */
  webrtcPaths: number;
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
  /** Whether the camera's pictures come, as `CameraState`: a viewer whose picture stands is told why. */
  state: (cameraId: string) => `/v1/cameras/${cameraId}/state`,
  /** WHEP (draft-ietf-wish-whep): POST an SDP offer, 201 with the answer, `Location` and `ETag`; PATCH the Location with candidates or
   * for an ICE restart; DELETE it to end. `?quality=sub` asks for the camera's sub-stream where it has one.
   * The RTP timestamp of a live picture is when it was taken: 90 kHz ticks since 1970, modulo 2^32. */
  whep: (cameraId: string) => `/v1/cameras/${cameraId}/whep`,
} as const;

export const PICTURE_TIME_HEADER = 'x-picture-time';
