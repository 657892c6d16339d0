/** A real Chromium for the two pages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Background traffic off, audio and loopback WebRTC on; `--no-sandbox` because test machines run as root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
];

export interface Screen {
  width: number;
  height: number;
}

export class Browser {
  readonly #contexts: { context: BrowserContext; dir: string }[] = [];

  /** Opens a page in a browser of its own, with a profile that is thrown away. `script` runs in every page before the page's own. */
  async opens(url: string, screen: Screen, script?: string): Promise<Page> {
    const dir = mkdtempSync(join(tmpdir(), 'shouwang-browser-'));
    const context = await chromium.launchPersistentContext(dir, {
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      args: FLAGS,
      viewport: screen,
      locale: 'zh-CN',
    });
    this.#contexts.push({ context, dir });
    if (script) await context.addInitScript(script);
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    return page;
  }

  async closes(): Promise<void> {
    for (const { context, dir } of this.#contexts.splice(0)) {
      await context.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
