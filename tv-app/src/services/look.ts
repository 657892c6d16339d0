/** How the family wants the screen: kept on the box, and a copy in the page's storage so that the first paint is right already. */
import type { TvSettings } from '@shouwang/protocol';
import type { TvLink } from './tv-link.ts';

export const DEFAULT_LOOK: TvSettings = { type: 'normal', contrast: 'plain', language: 'zh', voice: 'on' };
const KEY = 'shouwang.look';
const CHOICES: { readonly [K in keyof TvSettings]: readonly TvSettings[K][] } = {
  type: ['normal', 'large', 'huge'],
  contrast: ['plain', 'high'],
  language: ['zh', 'en'],
  voice: ['on', 'off'],
};

export interface LookDeps {
  link: TvLink;
  storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  /** The look is another one: everything is to be drawn so. */
  apply(look: TvSettings): void;
}

export class LookKeeper {
  look: TvSettings;
  private readonly deps: LookDeps;
  /** Changes that the box has not answered yet: what it says meanwhile is older. */
  private pending = 0;

  constructor(deps: LookDeps) {
    this.deps = deps;
    this.look = this.remembered();
    deps.apply(this.look);
  }

  /** Follows what the box keeps: call after the link's state has changed. */
  follow(): void {
    const { settings } = this.deps.link.state ?? {};
    if (settings && this.pending === 0) this.take(settings);
  }

  /** The next choice of a setting, or the one before. */
  turn(name: keyof TvSettings, back = false): void {
    const choices: readonly string[] = CHOICES[name];
    const at = choices.indexOf(this.look[name]) + (back ? choices.length - 1 : 1);
    const settings = { ...this.look, [name]: choices[at % choices.length] } as TvSettings;
    this.take(settings);
    this.pending++;
    const done = () => {
      this.pending--;
    };
    this.deps.link.call('settings', { settings }).then(done, done);
  }

  private take(look: TvSettings): void {
    const names = Object.keys(CHOICES) as (keyof TvSettings)[];
    if (names.every((name) => look[name] === this.look[name])) return;
    this.look = look;
    try {
      this.deps.storage?.setItem(KEY, JSON.stringify(look));
    } catch {
      // Storage may be full or forbidden; the box keeps it.
    }
    this.deps.apply(look);
  }

  private remembered(): TvSettings {
    const look = { ...DEFAULT_LOOK };
    try {
      const found = JSON.parse(this.deps.storage?.getItem(KEY) ?? '{}') as Record<string, unknown>;
      for (const name of Object.keys(CHOICES) as (keyof TvSettings)[])
        if ((CHOICES[name] as readonly unknown[]).indexOf(found[name]) >= 0) Object.assign(look, { [name]: found[name] });
    } catch {
      // As if nothing had been chosen.
    }
    return look;
  }
}
