/** The page on the oldest browser that it is made for (Chromium 38): no newer syntax, no newer API; and drawn by WebGL. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'acorn';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { alarmStates } from '../../tv-app/dev/states.ts';
import { SimulatedTv } from './simulated-tv.ts';
import { BUDGETS, scripts, sizes } from './sizes.ts';

let tv: SimulatedTv | undefined;
afterEach(async () => {
  await tv?.turnsOff();
  tv = undefined;
});

it('every script is ES5', () => {
  expect(scripts().length).toBeGreaterThan(3);
  for (const file of scripts()) {
    const parsed = () => parse(readFileSync(file, 'utf8'), { ecmaVersion: 5 });
    expect(parsed, basename(file)).not.toThrow();
  }
});

it('is no larger than its budgets', () => {
  const found = sizes();
  for (const [name, budget] of Object.entries(BUDGETS.tv.size!)) {
    expect(found[name as keyof typeof found], name).toBeGreaterThan(0);
    expect(found[name as keyof typeof found], name).toBeLessThanOrEqual(budget);
  }
});

/** What came to Chromium after 38, as far as a page may use it. Symbol.iterator stays: 38 has it. */
const YOUNGER = `
  for (const name of ['fill', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat', 'flatMap', 'includes', 'at', 'copyWithin', 'values', 'toSorted', 'toReversed', 'with'])
    delete Array.prototype[name];
  delete Array.from; delete Array.of;
  for (const name of ['assign', 'entries', 'values', 'fromEntries', 'getOwnPropertyDescriptors', 'hasOwn', 'groupBy']) delete Object[name];
  for (const name of ['includes', 'startsWith', 'endsWith', 'repeat', 'padStart', 'padEnd', 'replaceAll', 'matchAll', 'trimStart', 'trimEnd', 'at', 'codePointAt', 'normalize'])
    delete String.prototype[name];
  const Typed = Object.getPrototypeOf(Uint8Array);
  for (const name of ['fill', 'find', 'findIndex', 'includes', 'slice', 'from', 'at', 'join', 'map', 'forEach', 'indexOf']) delete Typed.prototype[name];
  delete Typed.from; delete Typed.of;
  for (const name of ['isInteger', 'isSafeInteger', 'EPSILON']) if (name !== 'isInteger') delete Number[name];
  delete Promise.prototype.finally; delete Promise.allSettled; delete Promise.any; delete Promise.withResolvers;
  delete window.fetch; delete window.Request; delete window.Response; delete window.Headers; delete window.AbortController; delete window.AbortSignal;
  delete window.URLSearchParams; delete window.Reflect; delete window.Proxy; delete window.queueMicrotask; delete window.structuredClone;
  delete window.IntersectionObserver; delete window.ResizeObserver; delete window.BigInt; delete window.createImageBitmap; delete window.OffscreenCanvas;
  delete NodeList.prototype.forEach; delete Element.prototype.append; delete Element.prototype.remove; delete Element.prototype.closest;
  delete HTMLVideoElement.prototype.requestVideoFrameCallback; delete window.RTCPeerConnection; delete window.BroadcastChannel;
`;

it('runs with everything taken away that Chromium 38 has not', async () => {
  tv = await new SimulatedTv().turnsOn({ script: YOUNGER });
  await tv.stills();
  await tv.presses('0', '5', 'right', 'back', 'back', '3');
  await tv.shows('data-camera', 'square');
  await tv.presses('back');
  await tv.state(alarmStates()['step-4-signed']!);
  await tv.shows('data-alarm-step', 'signed');
  expect(tv.errors).toEqual([]);
});

it('where nothing can be drawn the words are the screen', async () => {
  tv = await new SimulatedTv().turnsOn({ script: 'HTMLCanvasElement.prototype.getContext = () => null;' });
  await tv.state(alarmStates()['step-4-signed']!);
  await tv.shows('data-alarm-step', 'signed');
  expect(await tv.page.evaluate(() => document.documentElement.getAttribute('data-painted'))).toBe('words');
  const { height, text } = await tv.page.evaluate(() => {
    const headline = document.querySelector('[data-headline]')!;
    return { height: headline.getBoundingClientRect().height, text: headline.textContent };
  });
  expect(text).toBe('值班员看到了');
  expect(height).toBeGreaterThan(90);
});

it('draws the same wall by WebGL', async () => {
  tv = await new SimulatedTv().turnsOn({
    query: '?webgl=1&stage=720',
    height: 720,
    flags: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  await tv.stills();
  await tv.settles();
  const kind = await tv.page.evaluate(() => {
    const canvas = document.getElementById('stage') as HTMLCanvasElement;
    return canvas.getContext('webgl') ? 'webgl' : canvas.getContext('2d') ? '2d' : 'none';
  });
  expect(kind).toBe('webgl');
  const { data, width } = PNG.sync.read(await tv.picture());
  const at = (x: number, y: number) => [0, 1, 2].map((i) => data[(y * width + x) * 4 + i]!);
  // In the first camera's picture, and in the red key's bar.
  expect(at(200, 180)).toEqual([0x6b, 0x7f, 0x5a]);
  const [red = 0, green = 0] = at(460, 640);
  expect(red).toBeGreaterThan(green + 60);
  expect(tv.errors).toEqual([]);
});
