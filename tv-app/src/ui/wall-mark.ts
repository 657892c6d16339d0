/** The viewer's mark over the wall's pictures; over the live picture the player draws its own. */
import { drawMark, type openSession, type SessionHandle } from '@shouwang/player';
import { PANEL, SCREEN } from './theme.ts';

export class WallMark {
  private readonly place: HTMLElement;
  private readonly draw: typeof drawMark;
  private viewer: string | undefined;
  private erase: (() => void) | undefined;
  private shown = false;

  constructor(place: HTMLElement, draw: typeof drawMark = drawMark) {
    this.place = place;
    this.draw = draw;
  }

  /** Opens sessions as `open` does, and learns from them who watches. */
  learnsFrom(open: typeof openSession): (...args: Parameters<typeof openSession>) => Promise<SessionHandle> {
    return async (...args) => {
      const session = await open(...args);
      this.viewer = session.viewer ?? this.viewer;
      this.show(this.shown);
      return session;
    };
  }

  /** Whether the wall's pictures are on the screen; `beside` a panel, whose words the mark must not cross. */
  show(shown: boolean, beside = false): void {
    this.shown = shown;
    this.place.style.width = beside ? `${(100 * PANEL.x) / SCREEN.w}%` : '100%';
    if (shown && this.viewer && !this.erase) this.erase = this.draw(this.place, this.viewer);
    if (!shown) {
      this.erase?.();
      this.erase = undefined;
    }
  }
}
