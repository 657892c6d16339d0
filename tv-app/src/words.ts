/**
 * The words of the language that is spoken now. They are live bindings: `speak` changes them for everybody, and what was drawn with
 * the old ones is drawn anew (pages/tv-app.ts `rebuild`). So nothing may keep a word from the time of its import.
 */
import type { About, NearbyCamera, Rating } from '@shouwang/protocol';
import * as en from './words/en.ts';
import * as zh from './words/zh.ts';

export type Language = 'zh' | 'en';

/** The same words in any language. */
export type Said<T> = T extends string
  ? string
  : T extends number
    ? T
    : T extends (...a: infer A) => string
      ? (...a: A) => string
      : T extends readonly unknown[]
        ? readonly Said<T[number]>[]
        : { readonly [K in keyof T]: Said<T[K]> };
type Words = Said<typeof zh>;

const LANGUAGES: Record<Language, Words> = { zh, en };

export let TRUTH: Words['TRUTH'] = zh.TRUTH;
export let TRUTH_CUT: Words['TRUTH_CUT'] = zh.TRUTH_CUT;
export let STEP_LABEL: Words['STEP_LABEL'] = zh.STEP_LABEL;
export let STEP_PENDING: Words['STEP_PENDING'] = zh.STEP_PENDING;
export let STEP_SKIPPED: Words['STEP_SKIPPED'] = zh.STEP_SKIPPED;
export let ALARM: Words['ALARM'] = zh.ALARM;
export let HOLD: Words['HOLD'] = zh.HOLD;
export let TEST: Words['TEST'] = zh.TEST;
export let FLASH_BROKEN: Words['FLASH_BROKEN'] = zh.FLASH_BROKEN;
export let DEAD_KEY: Words['DEAD_KEY'] = zh.DEAD_KEY;
export let LINK: Words['LINK'] = zh.LINK;
export let CENTRE: Words['CENTRE'] = zh.CENTRE;
export let ABOUT: Words['ABOUT'] = zh.ABOUT;
export let RATING: Words['RATING'] = zh.RATING;
export let PROMPT: Words['PROMPT'] = zh.PROMPT;
export let BACK: Words['BACK'] = zh.BACK;
export let WALL: Words['WALL'] = zh.WALL;
export let RED_KEY: Words['RED_KEY'] = zh.RED_KEY;
export let LIVE: Words['LIVE'] = zh.LIVE;
export let STILL_WATCHING: Words['STILL_WATCHING'] = zh.STILL_WATCHING;
export let KEYS: Words['KEYS'] = zh.KEYS;
export let UNITS: Words['UNITS'] = zh.UNITS;
export let ACTIVATION: Words['ACTIVATION'] = zh.ACTIVATION;
export let MENU: Words['MENU'] = zh.MENU;
export let REPORTS: Words['REPORTS'] = zh.REPORTS;
export let NOTICES: Words['NOTICES'] = zh.NOTICES;
export let HELP: Words['HELP'] = zh.HELP;
export let SETTINGS: Words['SETTINGS'] = zh.SETTINGS;
export let STATUS: Words['STATUS'] = zh.STATUS;
export let AWAY: Words['AWAY'] = zh.AWAY;
export let GROUPS: Words['GROUPS'] = zh.GROUPS;
export let REMINDER: Words['REMINDER'] = zh.REMINDER;

/** From now on everything is said in this language. */
export function speak(next: Language): void {
  const w = LANGUAGES[next];
  language = next;
  TRUTH = w.TRUTH;
  TRUTH_CUT = w.TRUTH_CUT;
  STEP_LABEL = w.STEP_LABEL;
  STEP_PENDING = w.STEP_PENDING;
  STEP_SKIPPED = w.STEP_SKIPPED;
  ALARM = w.ALARM;
  HOLD = w.HOLD;
  TEST = w.TEST;
  FLASH_BROKEN = w.FLASH_BROKEN;
  DEAD_KEY = w.DEAD_KEY;
  LINK = w.LINK;
  CENTRE = w.CENTRE;
  ABOUT = w.ABOUT;
  RATING = w.RATING;
  PROMPT = w.PROMPT;
  BACK = w.BACK;
  WALL = w.WALL;
  RED_KEY = w.RED_KEY;
  LIVE = w.LIVE;
  STILL_WATCHING = w.STILL_WATCHING;
  KEYS = w.KEYS;
  UNITS = w.UNITS;
  ACTIVATION = w.ACTIVATION;
  MENU = w.MENU;
  REPORTS = w.REPORTS;
  NOTICES = w.NOTICES;
  HELP = w.HELP;
  SETTINGS = w.SETTINGS;
  STATUS = w.STATUS;
  AWAY = w.AWAY;
  GROUPS = w.GROUPS;
  REMINDER = w.REMINDER;
}

export let language: Language = 'zh';

/** By the number keys, in this order. `theft` is kept for alarms that said so before. */
export const ABOUT_KEYS: readonly { digit: number; about: About }[] = [
  { digit: 1, about: 'suspicious' },
  { digit: 2, about: 'fire' },
  { digit: 3, about: 'medical' },
  { digit: 4, about: 'fight' },
  { digit: 5, about: 'other' },
];
export const RATING_KEYS: readonly { digit: number; rating: Rating }[] = [
  { digit: 1, rating: 'satisfied' },
  { digit: 2, rating: 'fair' },
  { digit: 3, rating: 'unsolved' },
];

/** How far, as a neighbour says it. */
export function distanceText(metres: number | undefined): string {
  if (metres === undefined) return '';
  if (metres < 1000) return UNITS.metres(Math.max(10, Math.round(metres / 10) * 10));
  return UNITS.kilometres(Math.round(metres / 100) / 10);
}

/** How old a picture is: in words from the first moment at which it is no longer current. */
export function ageText(ageMs: number): string {
  const s = Math.max(0, Math.floor(ageMs / 1000));
  if (s < 60) return UNITS.secondsAgo(s);
  if (s < 3600) return UNITS.minutesAgo(Math.floor(s / 60));
  if (s < 86_400) return UNITS.hoursAgo(Math.floor(s / 3600));
  return UNITS.daysAgo(Math.floor(s / 86_400));
}

export function cameraText(camera: NearbyCamera): string {
  return [camera.name, distanceText(camera.distanceM)].filter(Boolean).join(' ');
}
