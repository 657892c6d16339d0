/** Debian's nginx as the peer that serves files, tuned in its favour: one worker, no log, connections that never end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, type Peer, runPeer, unpacked } from '../../harness/debian.ts';
import { freePorts } from '../../harness/ports.ts';

const BINARY = 'usr/sbin/nginx';
const PACKAGES = ['nginx', 'nginx-common', 'libpcre2-8-0', 'libssl3'];

export interface Nginx {
  url: string;
  /** Where its files are. */
  root: string;
  peer: Peer;
  stops(): Promise<void>;
}

export async function startNginx(): Promise<Nginx> {
  const debian = unpacked('nginx', BINARY, PACKAGES);
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-bench-nginx-'));
  const root = join(dir, 'www');
  mkdirSync(root);
  const [port = 0] = await freePorts(1);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`);
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log stderr error;
     events { worker_connections 4096; }
     http { ${temporary.join(' ')} access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
       keepalive_requests 100000000; keepalive_timeout 600s; open_file_cache off;
       types { application/vnd.apple.mpegurl m3u8; video/mp4 mp4 m4s; }
       server { listen 127.0.0.1:${port}; root ${root}; add_header Access-Control-Allow-Origin * always; } }\n`,
  );
  // It would change to a user of its own, which undoes the parent-death signal of its worker only: the master ends that one.
  const peer = runPeer(debian, [join(debian, BINARY), '-c', join(dir, 'nginx.conf'), '-p', dir, '-g', 'user root;']);
  await answers(peer, port);
  return {
    url: `http://127.0.0.1:${port}`,
    root,
    peer,
    stops: async () => {
      await peer.stops();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
