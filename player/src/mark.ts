/**
 * The viewer's mark over a picture: who watches, and when. It makes a photograph of the screen traceable, so it is always there, moves
 * slowly over the picture, and comes back when something takes it away or hides it.
 */
import { browserTimers, type Timers } from './timers.ts';

/** How long it stays at a place: long enough to read, short enough that it covers nothing for long. */
const STAY_MS = 15_000;
/** It is written anew, and looked after, this often. */
const WRITE_MS = 1000;
/** % of the picture from the left and the top; the foot is left to the words of the TV's page. */
const PLACES = [
  [4, 16],
  [54, 22],
  [30, 62],
  [52, 48],
  [8, 56],
  [40, 12],
] as const;

/** Inline and important, so that no style sheet of a page takes it away or makes it unreadable. */
const STYLE: Record<string, string> = {
  display: 'block',
  position: 'absolute',
  'z-index': '2147483000',
  visibility: 'visible',
  opacity: '0.55',
  'pointer-events': 'none',
  'white-space': 'pre',
  'font-family': 'monospace',
  'font-weight': '700',
  color: '#ffffff',
  'text-shadow': '0 0 2px #000000, 0 0 4px #000000',
  transition: 'left 3s linear, top 3s linear',
  transform: 'none',
  filter: 'none',
  'clip-path': 'none',
  width: 'auto',
  height: 'auto',
};

/** What it says: `box-0001 2026-11-25 09:03:07`, in the viewer's own time. */
export function markText(viewer: string, now: number): string {
  const d = new Date(now);
  const two = (n: number) => (n < 10 ? `0${n}` : String(n));
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${viewer} ${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** Of a monospaced letter, as a share of its height. */
const CHAR_WIDTH = 0.6;
const TIME_CHARS = 19;

/** A tile's: the viewer stands above the time, as large as fits. */
function narrowSize(place: HTMLElement, viewer: string): number {
  const fits = Math.floor((place.clientWidth * 0.92) / (Math.max(TIME_CHARS, viewer.length) * CHAR_WIDTH));
  return Math.max(7, Math.min(12, fits));
}

/** Draws the mark over whatever fills `place`, which is to be a positioned element. Returns what takes it away. */
export function drawMark(place: HTMLElement, viewer: string, timers: Timers = browserTimers): () => void {
  let mark = document.createElement('div');
  let cancel: () => void = () => undefined;
  const from = Math.floor(timers.random() * PLACES.length);
  const write = () => {
    // Somebody emptied it, moved it away or put another in its place: a new one is as good.
    if (mark.parentNode !== place) {
      mark = document.createElement('div');
      mark.setAttribute('data-mark', '');
      mark.setAttribute('aria-hidden', 'true');
      place.appendChild(mark);
    }
    const now = timers.now();
    const [left, top] = PLACES[(from + Math.floor(now / STAY_MS)) % PLACES.length]!;
    const size = Math.max(12, Math.round((place.clientHeight || 480) / 30));
    const text = markText(viewer, now);
    const narrow = place.clientWidth > 0 && text.length * size * CHAR_WIDTH > place.clientWidth * (1 - left / 100);
    const style = {
      ...STYLE,
      left: `${narrow ? 4 : left}%`,
      top: `${top}%`,
      'font-size': `${narrow ? narrowSize(place, viewer) : size}px`,
    };
    for (const name of Object.keys(style)) {
      const value = style[name as keyof typeof style]!;
      if (mark.style.getPropertyValue(name) !== value) mark.style.setProperty(name, value, 'important');
    }
    mark.textContent = narrow ? `${viewer}\n${text.slice(viewer.length + 1)}` : text;
    cancel = timers.after(WRITE_MS, write);
  };
  write();
  return () => {
    cancel();
    mark.parentNode?.removeChild(mark);
  };
}

interface MarkedVideo extends HTMLVideoElement {
  /** Takes the mark away that it has, or had. */
  unmark?: () => void;
}

/**
 * The mark over a video element's picture; nothing where the viewer is not known or the element stands nowhere. In place of the one
 * before: a player that failed has left it over the picture that stands.
 */
export function markPicture(video: MarkedVideo, viewer: string | undefined, timers: Timers): () => void {
  const place = video.parentElement;
  video.unmark?.();
  video.unmark = viewer && place ? drawMark(place, viewer, timers) : () => undefined;
  return video.unmark;
}
