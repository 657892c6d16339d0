/** Debian packages that set-up sees to, and who needs them. */
import process from 'node:process';
import { installPackages, missingPackages } from './apt.mjs';
import { output } from './command.mjs';
import { onPath } from './ffmpeg.mjs';
import { optionalStep } from './optional.mjs';

/** Chinese in the sample cameras' pictures. */
const FONT = 'fonts-noto-cjk';

/**
 * Independent peers that the tests hold the product against: MQTT client, WebRTC client, RTSP servers (GStreamer's and VLC's). Not Debian's `mosquitto`:
 * it would run from then on, at the port that our broker wants.
 */
const TEST_PEERS = [
  'mosquitto-clients',
  'python3-aiortc',
  'python3-gi',
  'gir1.2-gst-rtsp-server-1.0',
  'libgstrtspserver-1.0-0',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
  'libvlc5',
  'vlc-plugin-base',
];

/** For `npm start`: without the font everything runs, only the pictures carry no names. */
export const fontStep = optionalStep({
  name: 'Chinese font',
  pack: FONT,
  purpose: "names in the sample cameras' pictures",
  async found() {
    if ((await missingPackages([FONT])).length === 0) return true;
    const { stdout } = await output('fc-match', ['-f', '%{file}', 'Noto Sans CJK SC']);
    return stdout.includes('CJK');
  },
});

/** For `npm test`: what the tests look at and talk to. @type {import('./steps.mjs').Step} */
export const testPackagesStep = {
  name: 'font, browser and peers for tests',
  async needed() {
    const missing = await missingPackages(wantedForTests());
    return missing.length === 0 ? undefined : `apt has to install ${missing.join(', ')}`;
  },
  async work(progress) {
    const missing = await missingPackages(wantedForTests());
    await installPackages(missing, 'the tests', progress);
    return `installed ${missing.length} packages`;
  },
};

function wantedForTests() {
  const browser = process.env.CHROMIUM_BIN || onPath('chromium') ? [] : ['chromium'];
  return [FONT, ...browser, ...TEST_PEERS];
}
