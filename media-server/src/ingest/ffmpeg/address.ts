/**
 * `ffmpeg:URL`: any other source, read by an ffmpeg of its own. Only an address of a listed protocol is taken: no option, no shell, no file unless
 * the configuration lists it; and what the source refers to in turn (playlists do) is held to the same list by ffmpeg itself.
 */
import { CodedError } from '@shouwang/protocol';

/** What ffmpeg needs to speak each protocol (its `-protocol_whitelist`), and what makes it give up a connection that stands. */
const PROTOCOLS = {
  http: { needs: ['http', 'tcp'], options: ['-rw_timeout', '10000000'] },
  https: { needs: ['https', 'tls', 'tcp'], options: ['-rw_timeout', '10000000'] },
  rtmp: { needs: ['rtmp', 'tcp'], options: ['-rw_timeout', '10000000'] },
  rtmps: { needs: ['rtmps', 'rtmp', 'tls', 'tcp'], options: ['-rw_timeout', '10000000'] },
  rtsp: { needs: ['rtsp', 'rtp', 'tcp', 'udp'], options: ['-timeout', '10000000', '-rtsp_transport', 'tcp'] },
  rtsps: { needs: ['rtsps', 'rtp', 'tls', 'tcp'], options: ['-timeout', '10000000', '-rtsp_transport', 'tcp'] },
  srt: { needs: ['srt'], options: [] },
  udp: { needs: ['udp'], options: ['-timeout', '10000000'] },
  rtp: { needs: ['rtp', 'udp'], options: [] },
  tcp: { needs: ['tcp'], options: ['-rw_timeout', '10000000'] },
  file: { needs: ['file'], options: ['-re'] },
} as const;

export type FfmpegProtocol = keyof typeof PROTOCOLS;
export const FFMPEG_PROTOCOLS = Object.keys(PROTOCOLS) as FfmpegProtocol[];
/** What a node reads unless told otherwise: nothing of its own disk, nothing that anybody may send to it. */
export const DEFAULT_PROTOCOLS: readonly FfmpegProtocol[] = ['http', 'https', 'rtmp', 'rtmps', 'rtsp', 'rtsps', 'srt'];

export interface FfmpegInput {
  /** For `-i`, with the options before it. */
  args: string[];
  /** Without who we are and without its query. */
  loggable: string;
}

const SCHEME = 'ffmpeg:';
/** A recording would be read as fast as it comes, and HLS a segment at once, with nothing until the next: they are read as fast as they play. */
const COMES_AT_ONCE = /\.(mp4|mov|mkv|avi|webm|m3u8)$/i;

export function isFfmpegUrl(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** Throws CONFIG_INVALID; the message never repeats the address, which may hold a password. */
export function parseFfmpegUrl(text: string, allowed: readonly string[] = DEFAULT_PROTOCOLS): FfmpegInput {
  const address = text.slice(SCHEME.length);
  const protocol = /^([a-z]{2,6}):\/\/[!-~\u0080-\uffff]+$/.exec(address)?.[1];
  if (!isFfmpegUrl(text) || !protocol || !isKnown(protocol))
    throw new CodedError('CONFIG_INVALID', `expected ffmpeg: and an address, as ffmpeg:http://host/path, of ${allowed.join(', ')}`);
  if (!allowed.includes(protocol))
    throw new CodedError('CONFIG_INVALID', `expected a protocol that ffmpeg.protocols lists (${allowed.join(', ')}), found ${protocol}`);
  const { needs, options } = PROTOCOLS[protocol];
  // HLS over HTTP may be encrypted, and refer from one of the two to the other where both are allowed.
  const also = protocol === 'http' || protocol === 'https' ? ['crypto', ...(allowed.includes('https') ? PROTOCOLS.https.needs : [])] : [];
  const paced = protocol.startsWith('http') && COMES_AT_ONCE.test(pathOf(address)) ? ['-re'] : [];
  const whitelist = [...new Set([...needs, ...also])].join(',');
  return { args: ['-protocol_whitelist', whitelist, ...options, ...paced, '-i', address], loggable: loggableAddress(address) };
}

/** Takes addresses out of ffmpeg's words: who we are may stand in them, and the key of a stream anywhere. */
export function withoutAddresses(words: string): string {
  return words.replace(/[a-z]{2,6}:\/\/[^\s'"]*/gi, '…');
}

function loggableAddress(address: string): string {
  return address.replace(/^([a-z]+:\/\/)(?:[^/]*@)?/, '$1').replace(/[?#].*$/, '');
}

function pathOf(address: string): string {
  return address.replace(/[?#].*$/, '');
}

function isKnown(protocol: string): protocol is FfmpegProtocol {
  return Object.hasOwn(PROTOCOLS, protocol);
}
