/** Says every step of an alarm when it becomes true, and what goes wrong. Only what is on the screen is ever said: of a silent alarm, nothing. */
import type { ScreenView } from '../state/screen-view.ts';
import { DEAD_KEY, HOLD, language, STILL_WATCHING, TEST, TRUTH } from '../words.ts';
import type { Speaker } from './speaker.ts';

export class VoiceOver {
  private readonly speaker: Speaker;
  private said = '';

  constructor(speaker: Speaker) {
    this.speaker = speaker;
  }

  /** Call with every view that is drawn. `on`: the family wants it read. */
  follow(view: ScreenView, on: boolean): void {
    const words = whatToSay(view);
    if (words === this.said) return;
    this.said = words;
    if (!on) return;
    if (words === '') this.speaker.stop();
    else this.speaker.say(phraseId(words), words, language);
  }

  /** What somebody wrote, in the language in which it is written: the screen's may be another. */
  read(text: string): void {
    this.speaker.say(undefined, text, /[\u3400-\u9fff]/.test(text) ? 'zh' : 'en');
  }
}

/** One sentence: longer ones are not over before the next step. */
function whatToSay(view: ScreenView): string {
  const { panel } = view;
  if (panel?.kind === 'holding') return '';
  if (panel?.kind === 'hint') return HOLD.hint;
  if (panel?.kind === 'alarm') return panel.headline;
  if (panel) return panel.title;
  if (view.asking) return STILL_WATCHING.title;
  return view.strip?.headline ?? '';
}

const IDS = { truth: () => TRUTH, test: () => TEST, hold: () => HOLD, dead: () => DEAD_KEY, asking: () => STILL_WATCHING };

/** The name of a recording for these words: the group and the key under which words.ts has them. */
export function phraseId(words: string): string | undefined {
  for (const name of Object.keys(IDS) as (keyof typeof IDS)[]) {
    const group = IDS[name]() as Record<string, unknown>;
    for (const key of Object.keys(group)) if (group[key] === words) return `${name}.${key}`;
  }
  return undefined;
}
