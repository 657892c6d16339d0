/** The session description of a camera (RFC 4566, RFC 2326 appendix C): which medium to set up, and how. */
import { CodedError } from '@shouwang/protocol';
import sdpTransform from 'sdp-transform';

export interface VideoMedia {
  /** What to SETUP. */
  control: string;
  payloadType: number;
  clockRate: number;
  /** `sprop-parameter-sets` (RFC 6184, 8.1): NAL units. */
  parameterSets: Buffer[];
}

/** Finds the H.264 video. Throws CODEC_UNSUPPORTED where there is video of another kind only, CAMERA_OFFLINE where there is none. */
export function findVideo(sdp: string, base: string): VideoMedia {
  let session: ReturnType<typeof sdpTransform.parse>;
  try {
    session = sdpTransform.parse(sdp);
  } catch {
    throw new CodedError('CAMERA_OFFLINE', 'the camera sent a session description that cannot be read');
  }
  const videos = session.media.filter((m) => m.type === 'video');
  for (const media of videos) {
    const rtp = media.rtp.find((r) => String(r.codec).toUpperCase() === 'H264');
    if (!rtp) continue;
    const fmtp = media.fmtp.find((f) => f.payload === rtp.payload)?.config ?? '';
    const sprop = /sprop-parameter-sets=([^;\s]+)/i.exec(fmtp)?.[1] ?? '';
    return {
      control: resolveControl(base, session.control, media.control),
      payloadType: rtp.payload,
      clockRate: rtp.rate || 90_000,
      parameterSets: sprop
        .split(',')
        .map((part) => Buffer.from(part, 'base64'))
        .filter((nal) => nal.length > 3),
    };
  }
  const codecs = videos.flatMap((m) => m.rtp.map((r) => r.codec));
  if (codecs.length > 0) throw new CodedError('CODEC_UNSUPPORTED', `the camera sends ${[...new Set(codecs)].join(', ').slice(0, 60)}`);
  throw new CodedError('CAMERA_OFFLINE', 'the camera describes no video');
}

/** RFC 2326, C.1.1, as cameras and players read it: appended to the base, not resolved like a web link (a query in the address stays). */
export function resolveControl(base: string, sessionControl: string | undefined, mediaControl: string | undefined): string {
  const aggregate = absolute(base, sessionControl);
  return absolute(aggregate, mediaControl);
}

function absolute(base: string, control: string | undefined): string {
  if (!control || control === '*') return base;
  if (/^rtsp:\/\//i.test(control)) return control;
  return base.endsWith('/') || control.startsWith('/') || control.startsWith('?') ? base + control : `${base}/${control}`;
}
