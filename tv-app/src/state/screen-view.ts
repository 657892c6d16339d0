/** Everything that is on the screen at one moment, in words and numbers; the pages only draw it. */
import { RED_KEY } from '../words.ts';
import type { ActivationView } from './activation-view.ts';
import type { AlarmView, PanelView } from './alarm-panel-view.ts';
import type { Tone } from './alarm-truth.ts';
import type { AwayView } from './away.ts';
import type { LinkBanner } from './link-notice.ts';
import type { LivePageView } from './live-page-view.ts';
import type { SheetView } from './sheet-view.ts';
import type { WallView } from './wall-view.ts';

export interface ScreenView {
  page: 'wall' | 'live';
  time: string;
  date: string;
  /** Where this is: the household's place, or the centre's name. */
  where: string;
  centre: { text: string; tone: 'good' | 'warn' | 'plain' } | undefined;
  phone: string;
  /** What is wrong with the box's flash; empty: nothing. */
  flash: string;
  /** What to do about it some time: a notice to read, a test that is due. */
  reminder: string;
  /** The same, where there is less room. */
  briefReminder: string;
  /** What does not work, and what works all the same. */
  away: AwayView | undefined;
  /** The menu or what was chosen from it, in place of the wall. */
  sheet: SheetView | undefined;
  /** The camera's number as far as it was typed. */
  typed: string;
  /** The key works only while this page is on the screen. */
  onlyHere: boolean;
  wall: WallView;
  /** The camera with the highlight. */
  focusedCamera: string | undefined;
  live: LivePageView | undefined;
  transport: 'webrtc' | 'hls' | undefined;
  /** In place of the page, as long as this box has no account. */
  activation: ActivationView | undefined;
  banner: LinkBanner | undefined;
  panel: PanelView | undefined;
  /** The folded alarm. */
  strip: StripView | undefined;
  asking: { secondsLeft: number } | undefined;
}

export interface StripView {
  headline: string;
  tone: Tone;
  caseNo: string;
  phone: string;
  /** How to alarm again. */
  again: string;
}

export function stripView(panel: AlarmView): StripView {
  return { headline: panel.headline, tone: panel.tone, caseNo: panel.caseNo, phone: panel.phone, again: RED_KEY.again };
}
