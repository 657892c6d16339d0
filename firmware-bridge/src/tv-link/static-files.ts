/** Files of the built TV page. Read at each request: a new version is there without a restart. */
import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
};

export interface StaticFile {
  body: Buffer;
  type: string;
}

/** Reads `path` (decoded, relative, `/`-separated) below `root`. Undefined where there is no such file, or it lies outside. */
export async function readStatic(root: string, path: string): Promise<StaticFile | undefined> {
  const type = TYPES[extname(path).toLowerCase()];
  if (!type || path.includes('\0')) return undefined;
  try {
    const base = await realpath(root);
    const file = await realpath(join(base, path));
    if (!file.startsWith(base + sep)) return undefined;
    return { body: await readFile(file), type };
  } catch {
    return undefined;
  }
}

/**
 * Content-Security-Policy for the page (CSP 3). Inline scripts of the built page (the loader for old browsers) are allowed by
 * hash. Pictures come from media nodes anywhere on the operator's network, hence `http:` and `https:` for them.
 */
export function contentSecurityPolicy(html: string, host: string): string {
  const hashes = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)]
    .filter(([, attributes, text]) => !/\ssrc\s*=/i.test(attributes ?? '') && text)
    .map(([, , text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...new Set(hashes)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self' data:",
    "media-src 'self' blob: data: http: https:",
    `connect-src 'self' ws://${host} blob: http: https:`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Shown where the TV page was not built. */
export const NO_TV_APP = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>守望</title></head><body>
<h1>电视页面还没有构建</h1><p>The TV page is not built yet: <code>npm run build -w tv-app</code>, or set <code>http.tvAppDir</code>.</p>
</body></html>
`;
