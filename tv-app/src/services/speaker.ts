/**
 * Says phrases: by a recording where one was put beside the page, else by the browser's own voice, else not at all.
 * Recordings: a folder of audio files and `voice/phrases.json`, `{ "<dialect>": { "<phrase id>": "<file>" } }` (docs/decisions/0013).
 */
export interface Speaker {
  /** Whether anything can be heard on this box. */
  readonly speaks: boolean;
  /** Whether any text can be said; else only phrases that were recorded. */
  readonly reads: boolean;
  /** Says this in place of what is being said. `id`: the recorded phrase, where there is one for it. */
  say(id: string | undefined, text: string, language: 'zh' | 'en'): void;
  stop(): void;
}

export type Phrases = Partial<Record<string, Partial<Record<string, string>>>>;

/** As much of the browser as is used; whatever is missing is done without. */
export interface SpeakerDeps {
  phrases: Phrases;
  /** Which of the recorded dialects; the first that has the phrase decides. */
  dialects: readonly string[];
  play?(file: string): () => void;
  synthesis?: Pick<SpeechSynthesis, 'speak' | 'cancel'> | undefined;
  Utterance?: typeof SpeechSynthesisUtterance | undefined;
}

export function createSpeaker(deps: SpeakerDeps): Speaker {
  const { phrases, dialects, play, synthesis, Utterance } = deps;
  let stopPlaying: (() => void) | undefined;
  const recorded = (id: string | undefined) => {
    if (id !== undefined && play)
      for (const dialect of dialects) {
        const file = phrases[dialect]?.[id];
        if (file) return file;
      }
    return undefined;
  };
  const stop = () => {
    stopPlaying?.();
    stopPlaying = undefined;
    synthesis?.cancel();
  };
  const reads = synthesis !== undefined && Utterance !== undefined;
  return {
    get speaks() {
      const recordings = Object.keys(phrases).some((dialect) => Object.keys(phrases[dialect] ?? {}).length > 0);
      return reads || (play !== undefined && recordings);
    },
    reads,
    say(id, text, language) {
      stop();
      const file = language === 'zh' ? recorded(id) : undefined;
      if (file) {
        stopPlaying = play?.(file);
        return;
      }
      if (!synthesis || !Utterance) return;
      const utterance = new Utterance(text);
      utterance.lang = language === 'zh' ? 'zh-CN' : 'en';
      // A little slower than young people speak.
      utterance.rate = 0.9;
      synthesis.speak(utterance);
    },
    stop,
  };
}

/** In a browser: recordings beside the page, the Web Speech API where the browser has it. */
export function browserSpeaker(): Speaker {
  const phrases: Phrases = {};
  loadPhrases((found) => Object.assign(phrases, found));
  const { speechSynthesis, SpeechSynthesisUtterance: Utterance } = window as Partial<typeof window>;
  return createSpeaker({
    phrases,
    dialects: ['local', 'mandarin'],
    play(file) {
      const audio = new Audio(`./voice/${file}`);
      const started = audio.play() as Promise<void> | undefined;
      started?.catch(() => {});
      return () => audio.pause();
    },
    synthesis: speechSynthesis,
    Utterance,
  });
}

/** Without the list there are no recordings. */
function loadPhrases(onFound: (phrases: Phrases) => void): void {
  const request = new XMLHttpRequest();
  request.open('GET', './voice/phrases.json');
  request.onload = () => {
    try {
      if (request.status === 200) onFound(JSON.parse(request.responseText) as Phrases);
    } catch {
      // As if there were none.
    }
  };
  request.send();
}
