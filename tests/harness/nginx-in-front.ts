/** Debian's nginx in front of a media node, with the very configuration that docs/operations.md gives. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, type Peer, runPeer, unpacked } from './debian.ts';
import { freePorts } from './ports.ts';
import { ROOT } from './service.ts';

const BINARY = 'usr/sbin/nginx';
const PACKAGES = ['nginx', 'nginx-common', 'libpcre2-8-0', 'libssl3'];
/** Says of each answer whether it came from the cache; for the test only. */
export const CACHE_HEADER = 'x-test-cache';

export class NginxInFront {
  readonly url: string;
  readonly #dir: string;
  readonly #peer: Peer;

  private constructor(url: string, dir: string, peer: Peer) {
    this.url = url;
    this.#dir = dir;
    this.#peer = peer;
  }

  static async starts(nodeUrl: string): Promise<NginxInFront> {
    const debian = unpacked('nginx', BINARY, PACKAGES);
    const dir = mkdtempSync(join(tmpdir(), 'shouwang-nginx-'));
    mkdirSync(join(dir, 'cache'));
    const [port = 0] = await freePorts(1);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`);
    writeFileSync(
      join(dir, 'nginx.conf'),
      `daemon off; worker_processes 1; pid ${dir}/nginx.pid;
       events { worker_connections 1024; }
       http { ${temporary.join(' ')} ${placed(documented(), dir, port, new URL(nodeUrl).host)} }\n`,
    );
    const peer = runPeer(debian, [join(debian, BINARY), '-c', join(dir, 'nginx.conf'), '-p', dir, '-g', 'user root;']);
    const nginx = new NginxInFront(`http://127.0.0.1:${port}`, dir, peer);
    try {
      await answers(peer, port);
      return nginx;
    } catch (error) {
      await nginx.stops();
      throw error;
    }
  }

  /** All that it wrote, cache and logs, as text. */
  written(): string {
    const files = readdirSync(this.#dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    return files.map((f) => readFileSync(join(f.parentPath, f.name), 'latin1')).join('\n') + this.#peer.tail;
  }

  async stops(): Promise<void> {
    await this.#peer.stops();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function documented(): string {
  const text = readFileSync(`${ROOT}docs/operations.md`, 'utf8');
  const found = /```nginx\n([\s\S]*?)```/.exec(text)?.[1];
  if (!found) throw new Error('docs/operations.md has no configuration of nginx');
  return found;
}

/** The same on this machine: only addresses and folders are others, and there is no certificate. */
function placed(config: string, dir: string, port: number, node: string): string {
  const changes: [string | RegExp, string][] = [
    ['listen 443 ssl http2;', `listen 127.0.0.1:${port};`],
    [/ {2}ssl_certificate.*\n/g, ''],
    [/127\.0\.0\.1:8810/g, node],
    ['/var/cache/nginx/shouwang', join(dir, 'cache')],
    [/\/var\/log\/nginx\//g, `${dir}/`],
    ['proxy_cache shouwang;', `proxy_cache shouwang; add_header ${CACHE_HEADER} $upstream_cache_status always;`],
  ];
  return changes.reduce((text, [from, to]) => {
    if (text.search(from) < 0) throw new Error(`the configuration has no ${from}`);
    return text.replace(from, to);
  }, config);
}
