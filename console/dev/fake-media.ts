/** A media node that only has drawn stills with a running clock; live pictures are refused, as by a node that is full. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS, mediaPaths } from '@shouwang/protocol';
import { CAMERAS } from './fake-cases.ts';

const SKY: Record<string, [string, string]> = {
  gate: ['#274060', '#5b6f52'],
  lane: ['#3b3a5a', '#6b5b4b'],
  square: ['#2f5d7c', '#7d7a6d'],
};

/** Answers requests below `/media`; false if the path is none of its own. */
export function answerMedia(req: IncomingMessage, res: ServerResponse, path: string): boolean {
  if (!path.startsWith('/media/')) return false;
  const below = path.slice('/media'.length);
  if (below === mediaPaths.sessions) {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () =>
      json(res, 201, {
        session: 'made-up',
        cameraId: JSON.parse(body).grant.split('.')[1],
        expiresAt: Date.now() + 60_000,
        renewEveryS: 20,
      }),
    );
    return true;
  }
  const camera = CAMERAS.find((c) => below === mediaPaths.still(c.id));
  if (camera) {
    const now = new Date();
    const clock = now.toTimeString().slice(0, 8);
    const [sky, ground] = SKY[camera.id] ?? ['#30455c', '#5d6650'];
    const x = (now.getSeconds() * 10) % 560;
    res.writeHead(200, { 'content-type': 'image/svg+xml', 'x-picture-time': String(now.getTime()) });
    res.end(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"><rect width="640" height="360" fill="${sky}"/><path d="M0 220h640v140H0z" fill="${ground}"/><path d="M250 360 310 180h20l60 180z" fill="#8a8577"/><path d="M60 230v-90l70-50 70 50v90z" fill="#a08f7c"/><path d="M450 230v-70h120v70z" fill="#8f9aa3"/><circle cx="${x}" cy="250" r="14" fill="#e8e2d0"/><text x="14" y="34" font-size="24" fill="#fff" font-family="Noto Sans CJK SC">${camera.name} ${clock}</text></svg>`,
    );
    return true;
  }
  if (below.endsWith('/renew')) json(res, 200, { expiresAt: Date.now() + 60_000 });
  else if (req.method === 'DELETE') res.writeHead(204).end();
  else json(res, 503, { code: 'WHEP_REFUSED', message: ERRORS.WHEP_REFUSED.zh, retry: true });
  return true;
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
