/** Debian's Janus with its streaming plugin as the WebRTC peer: RTP in by UDP, and a viewer that takes its offers. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, type Peer, runPeer, unpacked } from '../../harness/debian.ts';
import { SrtpReceiver } from '../../harness/media/srtp-receiver.ts';
import { answerTo, remoteOf } from '../../harness/media/whep-viewer.ts';
import { freePorts } from '../../harness/ports.ts';

const BINARY = 'usr/bin/janus';
const PACKAGES = [
  ...['janus', 'libconfig9', 'libmicrohttpd12', 'libusrsctp2', 'libnice10', 'libjansson4', 'libsrtp2-1', 'libcurl4', 'libglib2.0-0'],
  ...['libgupnp-igd-1.0-4', 'libgupnp-1.6-0', 'libgssdp-1.6-0', 'libsoup-3.0-0'],
];
const LIBRARIES = 'usr/lib/x86_64-linux-gnu/janus';
const PAYLOAD_TYPE = 96;
/** Janus hangs up on connections that rest, also in the moment in which they are used again. */
const HEADERS = { connection: 'close' };

export class Janus {
  readonly peer: Peer;
  readonly #url: string;
  readonly #dir: string;

  private constructor(peer: Peer, url: string, dir: string) {
    this.peer = peer;
    this.#url = url;
    this.#dir = dir;
  }

  /** One mountpoint for each port, with ids from 1. Only what is needed is loaded, and nothing is logged. */
  static async starts(rtpPorts: readonly number[]): Promise<Janus> {
    const root = unpacked('janus', BINARY, PACKAGES);
    const dir = mkdtempSync(join(tmpdir(), 'shouwang-bench-janus-'));
    const [http = 0] = await freePorts(1);
    for (const [folder, library] of [
      ['plugins', 'libjanus_streaming.so'],
      ['transports', 'libjanus_http.so'],
    ] as const) {
      mkdirSync(join(dir, folder));
      symlinkSync(join(root, LIBRARIES, folder, library), join(dir, folder, library));
    }
    for (const folder of ['events', 'loggers']) mkdirSync(join(dir, folder));
    writeFileSync(
      join(dir, 'janus.jcfg'),
      `general: { configs_folder = "${dir}" plugins_folder = "${dir}/plugins" transports_folder = "${dir}/transports"
        events_folder = "${dir}/events" loggers_folder = "${dir}/loggers" debug_level = 2 session_timeout = 0 }\n`,
    );
    writeFileSync(join(dir, 'janus.transport.http.jcfg'), `general: { http = true port = ${http} ip = "127.0.0.1" json = "compact" }\n`);
    const mountpoints = rtpPorts.map(
      (port, i) => `m${i + 1}: { type = "rtp" id = ${i + 1}
        media = ( { type = "video" mid = "v" label = "v" port = ${port} iface = "lo" pt = ${PAYLOAD_TYPE} codec = "h264"
          fmtp = "profile-level-id=42e01f;packetization-mode=1" } ) }`,
    );
    writeFileSync(join(dir, 'janus.plugin.streaming.jcfg'), `${mountpoints.join('\n')}\n`);
    const peer = runPeer(root, [join(root, BINARY), '--config', join(dir, 'janus.jcfg'), '--configs-folder', dir]);
    await answers(peer, http);
    return new Janus(peer, `http://127.0.0.1:${http}/janus`, dir);
  }

  /** Asks for a mountpoint; gives the offer and where the answer goes. */
  async offers(id: number): Promise<{ offer: string; answers: (sdp: string) => Promise<void> }> {
    const session = (await this.#asks('', { janus: 'create' })).data?.id;
    const handle = (await this.#asks(`/${session}`, { janus: 'attach', plugin: 'janus.plugin.streaming' })).data?.id;
    const path = `/${session}/${handle}`;
    await this.#asks(path, { janus: 'message', body: { request: 'watch', id } });
    for (;;) {
      const event = (await (await fetch(`${this.#url}/${session}?maxev=1`, { headers: HEADERS })).json()) as JanusAnswer;
      const error = event.plugindata?.data?.error;
      if (error) throw new Error(`Janus: ${error}`);
      if (event.jsep?.sdp)
        return {
          offer: event.jsep.sdp,
          answers: async (sdp) => {
            await this.#asks(path, { janus: 'message', body: { request: 'start' }, jsep: { type: 'answer', sdp } });
          },
        };
    }
  }

  /** A viewer of a mountpoint that receives. */
  async watched(id: number): Promise<SrtpReceiver> {
    const { offer, answers } = await this.offers(id);
    const remote = remoteOf(offer);
    // Janus offers no loopback address: both ends are at the machine's own, and nothing leaves it all the same.
    const receiver = await SrtpReceiver.opens(remote.address);
    const mid = /^a=mid:(\S+)/m.exec(offer)?.[1] ?? '0';
    const payloadType = Number(/^a=rtpmap:(\d+) H264/im.exec(offer)?.[1] ?? PAYLOAD_TYPE);
    await answers(answerTo(receiver, mid, payloadType));
    await receiver.connects(remote);
    return receiver;
  }

  async stops(): Promise<void> {
    await this.peer.stops();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #asks(path: string, body: object): Promise<JanusAnswer> {
    const answer = await fetch(this.#url + path, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ ...body, transaction: 'bench' }),
    });
    const json = (await answer.json()) as JanusAnswer;
    if (json.error) throw new Error(`Janus: ${json.error.reason}`);
    return json;
  }
}

interface JanusAnswer {
  data?: { id: number };
  error?: { reason: string };
  jsep?: { sdp: string };
  plugindata?: { data?: { error?: string } };
}
