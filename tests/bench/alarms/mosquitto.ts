/** Debian's mosquitto as the peer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, type Peer, runPeer, unpacked } from '../../harness/debian.ts';

const BINARY = 'usr/sbin/mosquitto';
const PACKAGES = ['mosquitto', 'libcjson1', 'libdlt2', 'libwrap0', 'libnsl2', 'libtirpc3', 'libwebsockets17', 'libev4', 'libuv1'];

/** Starts one that asks for no password and limits nothing: the limits would only slow it down. */
export async function startMosquitto(port: number, dir: string): Promise<Peer> {
  const root = unpacked('mosquitto', BINARY, PACKAGES);
  const file = join(dir, 'mosquitto.conf');
  writeFileSync(
    file,
    [
      `listener ${port} 127.0.0.1`,
      // Changing the user would undo the parent-death signal.
      'user root',
      'allow_anonymous true',
      'persistence false',
      'max_inflight_messages 0',
      'max_queued_messages 0',
      'set_tcp_nodelay true',
      'log_type error',
      'log_dest stderr',
      '',
    ].join('\n'),
  );
  const peer = runPeer(root, [join(root, BINARY), '-c', file]);
  await answers(peer, port);
  return peer;
}
