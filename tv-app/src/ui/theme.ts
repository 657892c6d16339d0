/** Sizes and colours, for a screen of 1920×1080 seen from three metres. ARGB. Positions are multiples of three: whole pixels at 720p too. */
export const SCREEN = { w: 1920, h: 1080 } as const;
export const MARGIN = 90;
/** The alarm panel: the right-hand side, so that the picture stays in sight. */
export const PANEL = { x: 1020, w: 900, pad: 48 } as const;

export const COLOR = {
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
} as const;

/** The band behind the headline, by what it says. White text on each has a contrast of at least 5. */
export const TONE_COLOR = {
  waiting: 0xff8a5607,
  received: 0xff15549f,
  human: 0xff17703e,
  done: 0xff0c665b,
  bad: 0xffa91f1d,
} as const;

export const FONT_FAMILY = 'Shouwang Sans';
/** Behind the shipped font for characters that it lacks, Simplified forms first. */
export const FONT_FACES = [FONT_FAMILY, 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'sans-serif'];
