/**
 * A centre for working on the console alone: serves `dist` at /console and the API with made-up cases.
 * `node dev/fake-centre.ts [--port N] [--no-seed]`; any password is right. POST /dev/alarm presses a key, /dev/drop cuts the live feeds.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { apiPaths, asCoded, type CaseView, CodedError, type ConsoleCommand, type LiveCase } from '@shouwang/protocol';
import { CAMERAS, FakeCases } from './fake-cases.ts';
import { answerMedia } from './fake-media.ts';
import { seed } from './scenario.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'no-seed': { type: 'boolean' } } });
const DIST = join(import.meta.dirname, '../dist');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'";
const ME = { user: 'zhiban', post: '综治中心值班员', role: 'operator', centreName: '平安镇综治中心' };

const cases = new FakeCases();
if (!values['no-seed']) seed(cases, Date.now());
const log: LiveCase[] = [];
const feeds = new Set<ServerResponse>();
cases.onLive = (live) => {
  log.push(live);
  for (const feed of feeds) sendCase(feed, live);
};

const sendCase = (res: ServerResponse, live: LiveCase) =>
  res.write(`id: ${live.event.data.seq}\nevent: case\ndata: ${JSON.stringify(live)}\n\n`);
const status = () =>
  `event: centre\ndata: ${JSON.stringify({ now: Date.now(), boxesOnline: 7312, operators: Math.max(1, feeds.size) })}\n\n`;
const beat = setInterval(() => {
  for (const feed of feeds) feed.write(status());
}, 4000);

const server = createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://localhost');
  const path = url.pathname;
  if (answerMedia(req, res, path)) return;
  try {
    if (path === '/' || path.startsWith('/console')) return await page(res, path);
    if (path === apiPaths.live) return live(res, Number(req.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0));
    let body = '';
    for await (const chunk of req) body += chunk;
    const answer = api(path, body ? JSON.parse(body) : undefined, req.headers.cookie ?? '', res);
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  } catch (error) {
    const coded = asCoded(error);
    res.writeHead(coded.status, { 'content-type': 'application/json' }).end(JSON.stringify(coded.toBody()));
  }
});

async function page(res: ServerResponse, path: string): Promise<void> {
  const name = normalize(path.replace(/^\/console\/?/, '')) || 'index.html';
  const file = extname(name) ? name : 'index.html';
  const bytes = await readFile(join(DIST, file)).catch(() => {
    throw new CodedError('NOT_FOUND');
  });
  res.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CSP }).end(bytes);
}

function live(res: ServerResponse, after: number): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  for (const item of log) if (item.event.data.seq > after) sendCase(res, item);
  feeds.add(res);
  res.write(status());
  res.on('close', () => feeds.delete(res));
}

function api(path: string, body: Record<string, unknown> | undefined, cookie: string, res: ServerResponse): unknown {
  if (path === '/dev/alarm')
    return cases.open(
      { name: '赵小明', address: '平安村9组1号', phone: '13900000008', village: '平安村' },
      (body ?? {}) as Partial<CaseView>,
    ).view;
  if (path === '/dev/drop') for (const feed of feeds) feed.destroy();
  if (path === '/dev/drop') return {};
  if (path === apiPaths.login) {
    if (body?.password === 'wrong') throw new CodedError('BAD_CREDENTIALS');
    res.setHeader('set-cookie', 'sw=1; HttpOnly; SameSite=Strict; Path=/');
    return { ...ME, role: body?.user === 'auditor' ? 'auditor' : 'operator' };
  }
  if (!cookie.includes('sw=1')) throw new CodedError('NOT_LOGGED_IN');
  if (path === apiPaths.me) return ME;
  if (path === apiPaths.logout) res.setHeader('set-cookie', 'sw=; Max-Age=0; Path=/');
  if (path === apiPaths.logout) return {};
  if (path === apiPaths.cases) return { cases: [...cases.all.values()].map((c) => c.view).reverse(), seq: cases.seq };
  if (path === apiPaths.grants)
    return {
      cameraId: body?.cameraId,
      token: `made-up-token-for.${body?.cameraId}.x`,
      mediaUrl: `${origin()}/media`,
      expiresAt: Date.now() + 60_000,
    };
  const [, caseNo, command] = /^\/api\/v1\/cases\/([^/]+)(\/commands)?$/.exec(path) ?? [];
  const fake = caseNo ? cases.all.get(caseNo) : undefined;
  if (!fake) throw new CodedError(caseNo ? 'CASE_UNKNOWN' : 'NOT_FOUND');
  if (command) return cases.command(fake.view.caseNo, body as ConsoleCommand);
  const first = fake.view.onScreen?.cameraId;
  return { ...fake.view, history: fake.history, cameras: [...CAMERAS].sort((a, b) => Number(b.id === first) - Number(a.id === first)) };
}

const origin = () => `http://127.0.0.1:${(server.address() as { port: number }).port}`;
server.listen(Number(values.port), '127.0.0.1', () => console.log(`${origin()}/console/`));
process.on('SIGINT', () => {
  clearInterval(beat);
  server.closeAllConnections();
  server.close();
});
