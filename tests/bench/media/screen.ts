/** A Chromium with the bench's page in it, and the calls into that page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { Browser } from '../../harness/browser.ts';
import { ROOT } from '../../harness/service.ts';
import type { BenchPage, Watched } from './page/page.ts';

/** Small: a machine without a graphics card would draw for longer than everything else takes. The picture is decoded whole all the same. */
const SCREEN = { width: 320, height: 180 };
const HTML =
  '<!doctype html><meta charset="utf-8"><style>body{margin:0}</style><video width="320" height="180"></video><script src="page.js"></script>';
const FIRST_PICTURE_MS = 30_000;

export class Screen {
  readonly origin: string;
  readonly #server: Server;
  readonly #browser = new Browser();
  #page!: Page;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async opens(): Promise<Screen> {
    const { outputFiles } = await build({
      entryPoints: [`${ROOT}tests/bench/media/page/page.ts`],
      bundle: true,
      format: 'iife',
      write: false,
      logLevel: 'error',
    });
    const script = outputFiles[0]!.text;
    const server = createServer((request, response) => {
      const page = request.url === '/page.js';
      response.setHeader('content-type', page ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8').end(page ? script : HTML);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const screen = new Screen(server);
    try {
      screen.#page = await screen.#browser.opens(screen.origin, SCREEN);
      return screen;
    } catch (error) {
      await screen.closes();
      throw error;
    }
  }

  shouwang(grant: Parameters<BenchPage['shouwang']>[0], prefer: Parameters<BenchPage['shouwang']>[1]): Promise<void> {
    return this.#page.evaluate(([g, p]) => bench().shouwang(g, p), [grant, prefer] as const);
  }

  /** Gives the answer to the offer. */
  janus(offer: string): Promise<string> {
    return this.#page.evaluate((sdp) => bench().janus(sdp), offer);
  }

  hls(url: string): Promise<void> {
    return this.#page.evaluate((address) => bench().hls(address), url);
  }

  /** ms from the start to the first picture. Throws when there is none. */
  async firstPicture(): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no picture within ${FIRST_PICTURE_MS} ms`)), FIRST_PICTURE_MS);
    });
    return Promise.race([this.#page.evaluate(() => bench().firstPicture()), late]).finally(() => clearTimeout(timer));
  }

  watch(ms: number): Promise<Watched> {
    return this.#page.evaluate((time) => bench().watch(time), ms);
  }

  transport(): Promise<string | undefined> {
    return this.#page.evaluate(() => bench().transport());
  }

  stops(): Promise<void> {
    return this.#page.evaluate(() => bench().stops());
  }

  async closes(): Promise<void> {
    await this.#browser.closes();
    await new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(resolve);
    });
  }
}

/** In the page only: `page/page.ts` puts it there. */
declare function bench(): BenchPage;
