import { PAYLOAD_TYPE, type ParameterSets } from '../feed/camera-feed.ts';

/** The description of one camera (RFC 4566; H.264 parameters by RFC 6184, 8.2.1). */
export function describe(id: string, name: string, host: string, { sps, pps }: ParameterSets): string {
  const profile = Buffer.from(sps.subarray(1, 4)).toString('hex');
  const sets = [sps, pps].map((set) => Buffer.from(set).toString('base64')).join(',');
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    `s=${name}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=range:npt=now-',
    'a=control:*',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`,
    `a=control:${TRACK}`,
    `a=tool:shouwang sample camera ${id}`,
    '',
  ].join('\r\n');
}

export const TRACK = 'trackID=0';
