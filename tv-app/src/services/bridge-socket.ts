/** The browser's side of the link: how a token is got and a socket opened. XMLHttpRequest, because old boxes have no fetch. */
import type { Socket } from './bridge-link.ts';

/** GET /tv/token on this page's own origin. Rejects when the bridge does not answer. */
export function fetchToken(): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', '/tv/token');
    request.timeout = 5_000;
    request.onload = () => {
      try {
        const { token } = JSON.parse(request.responseText) as { token?: unknown };
        if (request.status === 200 && typeof token === 'string') resolve(token);
        else reject(new Error(`token: HTTP ${request.status}`));
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onerror = request.ontimeout = () => reject(new Error('token: no answer'));
    request.send();
  });
}

export function openSocket(token: string): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${location.host}/tv-link?token=${encodeURIComponent(token)}`) as unknown as Socket;
}
