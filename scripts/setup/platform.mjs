/** Which machine this is, as far as a binary cares. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** E.g. `debian12-x64`: what names a binary in the machine cache. */
export function platformKey() {
  return `${distribution(readText('/etc/os-release'))}-${process.arch}`;
}

/** `ID` and `VERSION_ID` of os-release(5), or the operating system where there is none. @param {string} osRelease */
export function distribution(osRelease) {
  const value = (/** @type {string} */ key) => new RegExp(`^${key}="?([A-Za-z0-9._-]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  return value('ID') ? `${value('ID')}${value('VERSION_ID')}` : process.platform;
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
