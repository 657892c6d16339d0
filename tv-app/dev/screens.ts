/**
 * Photographs the built page in every state: `node tv-app/dev/screens.ts OUT [1080|720] [name…]`. Build first; needs ffmpeg and Chromium.
 */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { FakeBridge } from './fake-bridge.ts';
import { FakeNode } from './fake-node.ts';
import { alarmStates, CAMERAS, calm, testStates } from './states.ts';

const [out = '/tmp/tv-screens', height = '1080', ...only] = process.argv.slice(2);
const size = height === '720' ? { width: 1280, height: 720 } : { width: 1920, height: 1080 };
const folder = mkdtempSync(join(tmpdir(), 'shouwang-tv-dev-'));
mkdirSync(out, { recursive: true });

/** A folder with CAMERA.jpg for each camera and live.mp4; plain colours where it is not given. */
const scenes = process.env.SCENES;
const colours = ['6b7f5a', '7a6a55', '55707a', '7a5560', '5a6a7a', '4f7a6a'];
CAMERAS.forEach(({ id }, i) => {
  if (scenes) {
    copyFileSync(join(scenes, `${id}.jpg`), join(folder, `${id}.jpg`));
    return;
  }
  const scene = `gradients=s=640x360:n=3:c0=0x${colours[i]}:c1=0xd8d2c2:c2=0x3a4a3a:x0=0:y0=0:x1=640:y1=360`;
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', scene, '-frames:v', '1', '-y', join(folder, `${id}.jpg`)]);
});
mkdirSync(join(folder, 'hls'));
const source = scenes
  ? ['-re', '-stream_loop', '-1', '-i', join(scenes, 'live.mp4')]
  : ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=10'];
const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'];
const hls = ['-f', 'hls', '-hls_time', '1', '-hls_segment_type', 'fmp4', '-hls_list_size', '5', '-hls_flags', 'program_date_time'];
const ffmpeg = spawn('ffmpeg', ['-v', 'error', ...source, ...encode, ...hls, join(folder, 'hls/index.m3u8')]);

const bridge = new FakeBridge(process.env.TV_DIST ?? join(import.meta.dirname, '../dist'), calm());
const node = new FakeNode(folder);
await node.start();
bridge.cameras = CAMERAS;
bridge.mediaUrl = node.url;
await bridge.start();
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: '/usr/bin/chromium',
  viewport: size,
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
const page = context.pages()[0] ?? (await context.newPage());
page.on('console', (m) => console.log(`[page] ${m.type()} ${m.text()}`));
page.on('pageerror', (e) => console.log(`[page] error ${e.message}`));

const wanted = (name: string) => only.length === 0 || only.some((o) => name.includes(o));
const shot = async (name: string, settleMs = 700) => {
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: join(out, `${name}-${height}.png`) });
};
const attribute = (name: string, value: string) =>
  page.waitForSelector(`#mirror[${name}="${value}"]`, { state: 'attached', timeout: 20_000 });

async function open(p: Page): Promise<void> {
  await p.goto(bridge.url);
  await attribute('data-link', 'up');
  await p.waitForFunction(() => document.querySelectorAll('#mirror [data-tile]:not([data-still-at=""])').length >= 6, undefined, {
    timeout: 20_000,
  });
}

try {
  await open(page);
  if (wanted('wall')) {
    await shot('wall', 1500);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    node.ageMs = { lane: 190_000, school: 26_000 };
    node.off.add('square');
    bridge.cameras = CAMERAS.map((c) => (c.id === 'square' ? { ...c, online: false } : c));
    bridge.set(calm({}, { staffed: false }));
    await shot('wall-old', 9000);
    bridge.set(calm({}, { connected: false, staffed: undefined }));
    await shot('wall-centre-down');
    bridge.set(calm());
    node.ageMs = {};
    node.off.clear();
    bridge.cameras = CAMERAS;
    await page.waitForTimeout(5500);
  }
  const now = () => Date.now();
  if (wanted('holding')) {
    bridge.set(calm({ gesture: { kind: 'holding', since: now() - 200, holdMs: 2000, presses: 1 } }));
    await shot('holding', 800);
    bridge.set(calm({ gesture: { kind: 'holding', since: now() - 400, holdMs: 2000, presses: 2 } }));
    await shot('holding-one-more', 400);
  }
  if (wanted('hint')) {
    bridge.set(calm({ gesture: { kind: 'hint', since: now(), holdMs: 2000, presses: 1 } }));
    await shot('hint');
  }
  for (const [name, state] of Object.entries({ ...alarmStates(), ...testStates() })) {
    if (!wanted(name)) continue;
    bridge.set(state);
    await shot(name);
  }
  if (wanted('folded')) {
    bridge.set(alarmStates()['step-4-signed']!);
    await page.waitForTimeout(300);
    await page.keyboard.press('Escape');
    await shot('folded-wall');
  }
  bridge.set(calm());
  if (wanted('live')) {
    await page.waitForTimeout(300);
    while (!existsSync(join(folder, 'hls/index.m3u8'))) await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
    await shot('live-connecting', 400);
    await attribute('data-picture', 'live');
    await shot('live');
    bridge.set(alarmStates()['step-3-received-window']!);
    await shot('live-alarm');
    bridge.set(alarmStates()['step-6-closed']!);
    await shot('live-closed');
    bridge.set(alarmStates()['step-5-handling']!);
    await page.waitForTimeout(400);
    await page.keyboard.press('Escape');
    await shot('live-folded');
    bridge.set(calm());
    ffmpeg.kill('SIGSTOP');
    await shot('live-stopped', 14_000);
    ffmpeg.kill('SIGCONT');
    await page.keyboard.press('Escape');
  }
  if (wanted('lost')) {
    await page.waitForTimeout(500);
    await bridge.stop();
    await shot('lost-wall', 1500);
    await page.keyboard.down('r');
    await page.keyboard.up('r');
    await shot('lost-dead-key');
    await bridge.start();
    await attribute('data-link', 'up');
    await shot('lost-back');
    await page.keyboard.press('Escape');
    bridge.set(alarmStates()['step-4-signed']!);
    await page.waitForTimeout(500);
    await bridge.stop();
    await shot('lost-alarm', 1500);
  }
} finally {
  await context.close();
  await bridge.stop().catch(() => {});
  node.stop();
  ffmpeg.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
