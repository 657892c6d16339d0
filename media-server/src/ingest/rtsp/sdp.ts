/** The session description of a camera (RFC 4566, RFC 2326 appendix C): which media to set up, and how. */
import { CodedError } from '@shouwang/protocol';
import sdpTransform, { type SdpMedia } from 'sdp-transform';
import type { AuLayout } from '../audio/depacketiser.ts';
import { type AudioFormat, g711, readAudioConfig } from '../audio/format.ts';
import { h264Format } from '../h264/format.ts';
import { h265Format } from '../h265/format.ts';
import { refusal } from '../refusal.ts';
import type { VideoFormat } from '../video/format.ts';

export interface VideoMedia {
  /** What to SETUP. */
  control: string;
  payloadType: number;
  clockRate: number;
  format: VideoFormat;
  /** Of the `sprop-` parameters (RFC 6184, 8.1; RFC 7798, 7.1): NAL units. */
  parameterSets: Buffer[];
}

export interface AudioMedia {
  control: string;
  payloadType: number;
  clockRate: number;
  format: AudioFormat;
  layout?: AuLayout;
}

export interface Description {
  /** What to PLAY. */
  aggregate: string;
  video: VideoMedia;
  audio: AudioMedia | undefined;
  /** Sound that we cannot carry, in words; undefined: none, or all is well. */
  withoutSound: string | undefined;
}

const FORMATS: Readonly<Record<string, VideoFormat>> = { H264: h264Format, H265: h265Format, HEVC: h265Format };
const SPROPS = /sprop-(?:parameter-sets|vps|sps|pps)\s*=\s*"?([^;\s"]+)/gi;
/** Parameter sets of a description beyond this are none. */
const MAX_SETS = 32;
/** Static payload types (RFC 3551, table 4). */
const STATIC: Readonly<Record<string, string>> = { 0: 'PCMU', 8: 'PCMA' };

/**
 * What to set up of a description. Throws a refusal with CODEC_UNSUPPORTED where there is video of another kind only, with
 * CAMERA_OFFLINE where there is none; CAMERA_OFFLINE where it cannot be read.
 */
export function readDescription(sdp: string, base: string): Description {
  let session: ReturnType<typeof sdpTransform.parse>;
  try {
    session = sdpTransform.parse(sdp);
  } catch {
    throw new CodedError('CAMERA_OFFLINE', 'the camera sent a session description that cannot be read');
  }
  const aggregate = absolute(base, session.control);
  const control = (media: SdpMedia) => absolute(aggregate, media.control);
  const video = findVideo(session.media, control);
  return { aggregate, video, ...findAudio(session.media, control) };
}

function findVideo(all: readonly SdpMedia[], control: (media: SdpMedia) => string): VideoMedia {
  const videos = all.filter((m) => m.type === 'video');
  for (const media of videos) {
    for (const rtp of media.rtp) {
      const format = FORMATS[String(rtp.codec).toUpperCase()];
      if (!format || !isPayloadType(rtp.payload)) continue;
      const config = configOf(media, rtp.payload);
      if (format === h265Format && /sprop-max-don-diff\s*=\s*[1-9]/i.test(config))
        throw refusal('the camera sends H.265 out of decoding order', 'CODEC_UNSUPPORTED');
      return {
        control: control(media),
        payloadType: rtp.payload,
        clockRate: rateOf(rtp.rate, 90_000),
        format,
        parameterSets: [...config.matchAll(SPROPS)]
          .flatMap((m) => m[1]!.split(','))
          .slice(0, MAX_SETS)
          .map((part) => Buffer.from(part, 'base64'))
          .filter((nal) => nal.length > 3),
      };
    }
  }
  const codecs = videos.flatMap((m) => m.rtp.map((r) => String(r.codec)));
  if (codecs.length > 0) throw refusal(`the camera sends ${printable([...new Set(codecs)].join(', '))}`, 'CODEC_UNSUPPORTED');
  throw refusal('the camera describes no video');
}

function findAudio(all: readonly SdpMedia[], control: (media: SdpMedia) => string): Pick<Description, 'audio' | 'withoutSound'> {
  const found = all.filter((m) => m.type === 'audio');
  const codecs = new Set<string>();
  for (const media of found) {
    const mapped = media.rtp.map((r) => ({ payload: r.payload, codec: String(r.codec).toUpperCase(), rate: r.rate, channels: r.encoding }));
    const fixed = String(media.payloads ?? '')
      .split(' ')
      .filter((p) => STATIC[p] && !mapped.some((m) => String(m.payload) === p))
      .map((p) => ({ payload: Number(p), codec: STATIC[p]!, rate: 8000, channels: 1 }));
    for (const { payload, codec, rate, channels } of [...mapped, ...fixed]) {
      codecs.add(codec);
      if (!isPayloadType(payload)) continue;
      const clockRate = rateOf(rate, 8000);
      if (codec === 'PCMA' || codec === 'PCMU') {
        const format = g711(codec === 'PCMA' ? 'pcma' : 'pcmu', clockRate, channels === 2 ? 2 : 1);
        return { audio: { control: control(media), payloadType: payload, clockRate, format }, withoutSound: undefined };
      }
      const aac = codec === 'MPEG4-GENERIC' ? readAac(configOf(media, payload)) : undefined;
      if (aac) return { audio: { control: control(media), payloadType: payload, clockRate, ...aac }, withoutSound: undefined };
    }
  }
  return {
    audio: undefined,
    withoutSound: codecs.size > 0 ? `without sound: the camera’s (${printable([...codecs].join(', '))}) cannot be carried` : undefined,
  };
}

/** RFC 3640, 4.1. Undefined where it is not AAC, or interleaved. */
function readAac(config: string): { format: AudioFormat; layout: AuLayout } | undefined {
  const field = (name: string) => new RegExp(`(?:^|[;\\s])${name}\\s*=\\s*([^;\\s]+)`, 'i').exec(config)?.[1];
  const bits = (name: string, otherwise: number) => {
    const n = Number(field(name) ?? otherwise);
    return Number.isInteger(n) && n >= 0 && n <= 16 ? n : -1;
  };
  const layout = { size: bits('sizelength', 13), index: bits('indexlength', 3), indexDelta: bits('indexdeltalength', 3) };
  const hex = field('config') ?? '';
  const format = /^([\da-f]{2}){2,64}$/i.test(hex) ? readAudioConfig(Buffer.from(hex, 'hex')) : undefined;
  if (!format || layout.size < 1 || layout.index < 0 || layout.indexDelta < 0) return undefined;
  return { format, layout };
}

function configOf(media: SdpMedia, payload: number): string {
  return String(media.fmtp.find((f) => f.payload === payload)?.config ?? '');
}

function isPayloadType(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 127;
}

function rateOf(rate: number | undefined, otherwise: number): number {
  return rate !== undefined && Number.isInteger(rate) && rate >= 1000 && rate <= 1_000_000 ? rate : otherwise;
}

/** What a camera says is shown to operators: no control characters, not too much of it. */
function printable(text: string): string {
  return text.replace(/[^\w., /+-]/g, '?').slice(0, 60);
}

/** RFC 2326, C.1.1, as cameras and players read it: appended to the base, not resolved like a web link (a query in the address stays). */
function absolute(base: string, said: unknown): string {
  // The parser gives numbers for words of digits. Into request lines it goes as it is.
  const control = String(said ?? '*');
  if (control === '*' || !/^[!-~\u0080-\uffff]+$/.test(control)) return base;
  if (/^rtsp:\/\//i.test(control)) return control;
  return base.endsWith('/') || control.startsWith('/') || control.startsWith('?') ? base + control : `${base}/${control}`;
}
