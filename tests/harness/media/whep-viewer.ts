/** A WebRTC viewer on the wire: a WHEP offer (RFC 9725) for one H.264 stream, and an end that receives it. */
import { mediaPaths, PLAYOUT_DELAY } from '@shouwang/protocol';
import type { Viewer } from '../viewer.ts';
import { SrtpReceiver } from './srtp-receiver.ts';

export class WhepViewer {
  readonly receiver: SrtpReceiver;
  readonly #viewer: Viewer;
  readonly #cameraId: string;
  #resource: string | undefined;

  private constructor(viewer: Viewer, cameraId: string, receiver: SrtpReceiver) {
    this.#viewer = viewer;
    this.#cameraId = cameraId;
    this.receiver = receiver;
  }

  /** Offers and connects. Throws with the status and code where it is refused. */
  static async watches(viewer: Viewer, cameraId: string): Promise<WhepViewer> {
    const receiver = await SrtpReceiver.opens();
    const one = new WhepViewer(viewer, cameraId, receiver);
    try {
      const answer = await viewer.asks('POST', mediaPaths.whep(cameraId), offerOf(receiver), 'application/sdp');
      if (answer.status !== 201) throw new Error(`WHEP: ${answer.status} ${answer.code}`);
      one.#resource = new URL(answer.headers.get('location') ?? '', 'http://node').pathname;
      await receiver.connects(remoteOf(String(answer.body)));
      return one;
    } catch (error) {
      receiver.close();
      throw error;
    }
  }

  /** Says goodbye as WHEP wants it (4.3). */
  async leaves(): Promise<void> {
    this.receiver.close();
    if (this.#resource) await this.#viewer.asks('DELETE', this.#resource);
  }

  /** Is gone without a word. */
  vanishes(): void {
    this.receiver.close();
  }

  get cameraId(): string {
    return this.#cameraId;
  }
}

const PAYLOAD_TYPE = 102;

export function offerOf(receiver: SrtpReceiver): string {
  const extension = `a=extmap:${PLAYOUT_DELAY.id} ${PLAYOUT_DELAY.uri}`;
  return sdp(receiver, ['a=recvonly', 'a=setup:actpass', 'a=mid:0', extension], PAYLOAD_TYPE);
}

/** What we answer a full agent's offer: as ICE-lite, so that it does the checking. `mid` and `payloadType` are the offer's. */
export function answerTo(receiver: SrtpReceiver, mid: string, payloadType: number): string {
  return sdp(receiver, ['a=recvonly', 'a=setup:active', `a=mid:${mid}`], payloadType, ['a=ice-lite', `a=group:BUNDLE ${mid}`]);
}

function sdp(
  { ice, address: { address, port }, fingerprint }: SrtpReceiver,
  attributes: string[],
  pt: number,
  session: string[] = [],
): string {
  return [
    'v=0',
    'o=- 4711 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...session,
    `m=video ${port} UDP/TLS/RTP/SAVPF ${pt}`,
    `c=IN IP4 ${address}`,
    ...attributes,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:${pt} H264/90000`,
    `a=fmtp:${pt} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f`,
    `a=rtcp-fb:${pt} nack`,
    `a=rtcp-fb:${pt} nack pli`,
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=candidate:1 1 udp 2130706431 ${address} ${port} typ host`,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

/** Where the other side listens and how it is asked, from its SDP. Throws where it has no UDP candidate on IPv4. */
export function remoteOf(text: string): Parameters<SrtpReceiver['connects']>[0] {
  const field = (name: string) => new RegExp(`^a=${name}:(.+?)\\r?$`, 'm').exec(text)?.[1] ?? '';
  const candidate = /^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host/im.exec(text);
  if (!candidate) throw new Error(`no candidate to connect to in:\n${text}`);
  return {
    ice: { usernameFragment: field('ice-ufrag'), password: field('ice-pwd') },
    address: candidate[1] ?? '',
    port: Number(candidate[2]),
  };
}
