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
  /** POST: a ticket for clients that cannot send a bearer, as a cookie and as `TicketAnswer`. It fetches HLS, and can do nothing else. */
  ticket: '/v1/sessions/current/ticket',
  /** GET, for a cache in front of the node: 204 if the request may have what `X-Original-URI` names, 401 or 403 if not. */
  allowed: '/v1/sessions/current/allowed',
  /** JPEG; header `X-Picture-Time` is the picture's time in ms since 1970. */
  still: (cameraId: string) => `/v1/cameras/${cameraId}/still.jpg`,
  /**
   * The multivariant playlist of low-latency HLS; each variant's playlist is `/v1/cameras/{id}/hls/{epoch}/index.m3u8`. `?quality=main|sub`:
   * that size only. `?can=h264|h265`: what the viewer decodes; of an H.265 camera `h264` gets what is made of it.
   */
  hls: (cameraId: string) => `/v1/cameras/${cameraId}/hls/index.m3u8`,
  /** Whether the camera's pictures come, as `CameraState`: a viewer whose picture stands is told why. */
  state: (cameraId: string) => `/v1/cameras/${cameraId}/state`,
  /** Classic HLS in MPEG-TS, for players that know nothing else; answers 302 to `/v1/cameras/{id}/hls/{epoch}/ts.m3u8`. `?quality=`, `?can=`. */
  ts: (cameraId: string) => `/v1/cameras/${cameraId}/hls/ts.m3u8`,
  /** WHEP (draft-ietf-wish-whep): POST an SDP offer, 201 with the answer, `Location` and `ETag`; PATCH the Location with candidates or
   * for an ICE restart; DELETE it to end. `?quality=sub` asks for the camera's sub-stream where it has one.
   * The RTP timestamp of a live picture is when it was taken: 90 kHz ticks since 1970, modulo 2^32. */
  whep: (cameraId: string) => `/v1/cameras/${cameraId}/whep`,
  /** Of a clip, with a session for that clip: part `n` as it was recorded, and its signed manifest. */
  clipFile: (clipId: string, n: number | string) => `/v1/clips/${clipId}/${n}.mp4`,
  clipManifest: (clipId: string, n: number | string) => `/v1/clips/${clipId}/${n}.json`,
  /** POST begins an export with the viewer's mark and the time burned in, GET says how it gets on: `ClipExport`. */
  clipExport: (clipId: string, n: number | string) => `/v1/clips/${clipId}/${n}/export`,
  /** The finished export; it can be fetched for ten minutes. */
  clipExportFile: (clipId: string, n: number | string) => `/v1/clips/${clipId}/${n}/export.mp4`,
} as const;

/** Paths below the node's `publicUrl` that play without any header. Secrets, for as long as the session lives: no log, no cache key. */
export interface TicketAnswer {
  hls: string;
  ts: string;
}

/** A path of a camera with a ticket in it. */
export function ticketed(ticket: string, path: string): string {
  return path.replace('/v1/', `/v1/t/${ticket}/`);
}

/** The cookie that holds the same ticket. */
export const TICKET_COOKIE = 'shouwang-ticket';

export const PICTURE_TIME_HEADER = 'x-picture-time';

/**
 * The RTP header extension by which pictures ask to be shown at once (RFC 8285; webrtc.org's "Playout Delay"). mediasoup knows it by this number
 * only: an offer that calls it otherwise goes without.
 */
export const PLAYOUT_DELAY = { uri: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay', id: 11 } as const;
