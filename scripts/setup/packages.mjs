/** Debian packages that set-up sees to, and who needs them. */
import process from 'node:process';
import { installPackages, missingPackages } from './apt.mjs';
import { onPath } from './ffmpeg.mjs';

/** Chinese in the sample cameras' pictures. */
const PICTURES = ['fonts-noto-cjk'];

/** Independent peers that the tests hold the product against: broker and client, WebRTC client, RTSP server. */
const TEST_PEERS = [
  'mosquitto',
  'mosquitto-clients',
  'python3-aiortc',
  'python3-gi',
  'gir1.2-gst-rtsp-server-1.0',
  'libgstrtspserver-1.0-0',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
];

/** @param {import('./index.mjs').Purpose} purpose */
function wanted(purpose) {
  if (purpose === 'start') return PICTURES;
  const browser = process.env.CHROMIUM_BIN || onPath('chromium') ? [] : ['chromium'];
  return [...PICTURES, ...browser, ...TEST_PEERS];
}

/** @param {import('./index.mjs').Purpose} purpose @returns {import('./steps.mjs').Step} */
export function packagesStep(purpose) {
  return {
    name: purpose === 'start' ? 'font' : 'font, browser and peers for tests',
    async needed() {
      const missing = await missingPackages(wanted(purpose));
      return missing.length === 0 ? undefined : `apt has to install ${missing.join(', ')}`;
    },
    async work(progress) {
      const missing = await missingPackages(wanted(purpose));
      await installPackages(missing, purpose === 'start' ? 'the pictures' : 'the tests', progress);
      return `installed ${missing.length} packages`;
    },
  };
}
