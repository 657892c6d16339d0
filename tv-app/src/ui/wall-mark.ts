/** The viewer's mark over the wall's pictures; over the live picture the player draws its own. */
import { drawMark, type openSession, type SessionHandle } from '@shouwang/player';

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

  /** Whether the wall is on the screen. */
  show(shown: boolean): void {
    this.shown = shown;
    if (shown && this.viewer && !this.erase) this.erase = this.draw(this.place, this.viewer);
    if (!shown) {
      this.erase?.();
      this.erase = undefined;
    }
  }
}
