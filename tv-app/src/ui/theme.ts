/** Sizes and colours, for a screen of 1920×1080 seen from three metres. ARGB. Positions are multiples of three: whole pixels at 720p too. */
export const SCREEN = { w: 1920, h: 1080 } as const;
export const MARGIN = 90;
/** The alarm panel: the right-hand side, so that the picture stays in sight. */
export const PANEL = { x: 1020, w: 900, pad: 48 } as const;

const PLAIN = {
  night: 0xff0a1526,
  nightTop: 0xff122a47,
  card: 0xff18293f,
  cardDark: 0xff101f33,
  line: 0xff33496a,
  white: 0xffffffff,
  soft: 0xffc9d6e8,
  faint: 0xff93a7c4,
  ink: 0xff0a1526,
  amber: 0xffffc83d,
  green: 0xff5fd992,
  red: 0xffd92f2c,
  redDeep: 0xff9e1c1c,
  scrim: 0xcc050b14,
  clear: 0x00000000,
};
/** Black behind everything, and no grey words. */
const HIGH: typeof PLAIN = {
  ...PLAIN,
  night: 0xff000000,
  nightTop: 0xff000000,
  card: 0xff101010,
  cardDark: 0xff000000,
  line: 0xffffffff,
  soft: 0xffffffff,
  faint: 0xffffffff,
  ink: 0xff000000,
  amber: 0xffffe100,
  green: 0xff6bff9f,
  scrim: 0xf2000000,
};

/** The band behind the headline, by what it says. White text on each has a contrast of at least 5, at high contrast of 10. */
const PLAIN_TONES = {
  waiting: 0xff8a5607,
  received: 0xff15549f,
  human: 0xff17703e,
  done: 0xff0c665b,
  bad: 0xffa91f1d,
};
const HIGH_TONES: typeof PLAIN_TONES = {
  waiting: 0xff4a2d00,
  received: 0xff062f66,
  human: 0xff063f1e,
  done: 0xff04403a,
  bad: 0xff6d0b0a,
};

/** The colours now. What was drawn keeps its own until it is drawn anew. */
export const COLOR = { ...PLAIN };
export const TONE_COLOR = { ...PLAIN_TONES };

/** How large text is written, where there is room for it. */
export const TYPE = { scale: 1 };
export const SCALES = { normal: 1, large: 1.15, huge: 1.3 } as const;

/** From now on everything is drawn so. */
export function dress(type: keyof typeof SCALES, contrast: 'plain' | 'high'): void {
  TYPE.scale = SCALES[type];
  const high = contrast === 'high';
  Object.assign(COLOR, high ? HIGH : PLAIN);
  Object.assign(TONE_COLOR, high ? HIGH_TONES : PLAIN_TONES);
}

export const FONT_FAMILY = 'Shouwang Sans';
/** The characters of the page's own words, there before everything else. */
export const FIRST_FONT_FAMILY = 'Shouwang First';
/** Behind the shipped font for characters that it lacks, Simplified forms first. */
const SYSTEM_FACES = ['Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'sans-serif'];
/** What text is drawn with now. The list changes when the full font has come: Lightning keeps drawn text by its list of faces. */
export const FONT = { faces: [FIRST_FONT_FAMILY, ...SYSTEM_FACES] };

export function fullFontIsThere(): void {
  FONT.faces = [FONT_FAMILY, FIRST_FONT_FAMILY, ...SYSTEM_FACES];
}
