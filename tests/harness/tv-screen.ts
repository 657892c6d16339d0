/** The villager's TV in a real browser: keys go in by the keyboard, what is shown is read from the page's accessible mirror. */
import type { Page } from 'playwright-core';
import { Browser, type Screen } from './browser.ts';
import { until } from './until.ts';

export const TV_1080: Screen = { width: 1920, height: 1080 };
export const TV_720: Screen = { width: 1280, height: 720 };

export class TvScreen {
  readonly #browser = new Browser();
  page!: Page;

  /** Opens the page and waits until it has its state from the bridge. */
  async turnsOn(tvUrl: string, screen: Screen = TV_1080, script?: string): Promise<this> {
    this.page = await this.#browser.opens(tvUrl, screen, script);
    await this.shows('a linked page', async () => (await this.read('data-link')) === 'up' || (await this.read('data-page')) !== '');
    return this;
  }

  /** An attribute of the mirror; empty when it is not there. */
  async read(attribute: string): Promise<string> {
    return (await this.page.locator('#mirror').getAttribute(attribute, { timeout: 5_000 })) ?? '';
  }

  async headline(): Promise<string> {
    return (await this.page.locator('#mirror [data-headline]').textContent()) ?? '';
  }

  async detail(): Promise<string> {
    return (await this.page.locator('#mirror [data-detail]').textContent()) ?? '';
  }

  shows(what: string, probe: () => Promise<unknown>, timeoutMs = 40_000): Promise<unknown> {
    return until(`the TV shows ${what}`, probe, timeoutMs, 50);
  }

  showsStep(step: string, timeoutMs = 40_000): Promise<unknown> {
    return until(
      `the TV shows the step ${step}`,
      async () => {
        const now = await this.read('data-alarm-step');
        if (now !== step) throw new Error(`shows ${now}: ${await this.headline()}`);
        return true;
      },
      timeoutMs,
      50,
    );
  }

  showsHeadline(text: string, timeoutMs = 40_000): Promise<unknown> {
    return until(
      `the TV says ${text}`,
      async () => {
        const now = await this.headline();
        if (!now.includes(text)) throw new Error(`says ${now}`);
        return true;
      },
      timeoutMs,
      50,
    );
  }

  presses(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Holds the red key until the page shows an alarm; gives its id. */
  async holdsAlarmKey(): Promise<string> {
    const before = await this.read('data-alarm-id');
    await this.page.keyboard.down('r');
    const id = await until(
      'an alarm on the TV',
      async () => {
        const now = await this.read('data-alarm-id');
        return now === before ? '' : now;
      },
      10_000,
    );
    await this.page.keyboard.up('r');
    return id;
  }

  /** Tiles of the wall: camera id and the time of the still shown (NaN: none yet). */
  async tiles(): Promise<{ id: string; stillAt: number }[]> {
    const items = await this.page.locator('#mirror [data-tile]').all();
    return Promise.all(
      items.map(async (item) => {
        const at = await item.getAttribute('data-still-at');
        return { id: (await item.getAttribute('data-tile')) ?? '', stillAt: at ? Number(at) : Number.NaN };
      }),
    );
  }

  /** How far the video has played, in seconds, and its picture as a small fingerprint of the given part (fractions of the picture). */
  async video(part = { x: 0, y: 0, w: 1, h: 1 }): Promise<{ time: number; width: number; print: string }> {
    return this.page.evaluate((p) => {
      const video = document.querySelector('video');
      if (!video?.videoWidth) return { time: 0, width: 0, print: '' };
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 16;
      const { videoWidth: w, videoHeight: h } = video;
      const context = canvas.getContext('2d');
      context?.drawImage(video, p.x * w, p.y * h, p.w * w, p.h * h, 0, 0, 64, 16);
      const data = context?.getImageData(0, 0, 64, 16).data ?? [];
      let print = '';
      for (let i = 0; i < data.length; i += 4) print += ((data[i] ?? 0) >> 5).toString(36);
      return { time: video.currentTime, width: w, print };
    }, part);
  }

  async turnsOff(): Promise<void> {
    await this.#browser.closes();
  }
}
