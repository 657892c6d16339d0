/** The picture behind the canvas: the last still, and over it the one video element. Placed in stage units. */
import type { LivePageView } from '../state/live-page-view.ts';
import { SCREEN } from './theme.ts';

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export class PictureLayer {
  readonly video: HTMLVideoElement;
  private readonly root: HTMLElement;
  private readonly still: HTMLImageElement;
  private url = '';
  private placed = '';

  constructor(root: HTMLElement) {
    this.root = root;
    this.still = document.createElement('img');
    this.still.alt = '';
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.setAttribute('muted', '');
    this.video.setAttribute('playsinline', '');
    this.video.setAttribute('disablepictureinpicture', '');
    root.appendChild(this.still);
    root.appendChild(this.video);
  }

  update(view: LivePageView | undefined, rect: Rect): void {
    this.root.style.display = view ? 'block' : 'none';
    if (!view) {
      this.setUrl('');
      return;
    }
    this.setUrl(view.still?.url ?? '');
    this.video.style.opacity = view.showVideo ? '1' : '0';
    const place = `${rect.x},${rect.y},${rect.w},${rect.h}`;
    if (place === this.placed) return;
    this.placed = place;
    const { style } = this.root;
    style.left = `${(rect.x / SCREEN.w) * 100}%`;
    style.top = `${(rect.y / SCREEN.h) * 100}%`;
    style.width = `${(rect.w / SCREEN.w) * 100}%`;
    style.height = `${(rect.h / SCREEN.h) * 100}%`;
  }

  private setUrl(url: string): void {
    if (url === this.url) return;
    this.url = url;
    this.still.style.visibility = url ? 'visible' : 'hidden';
    if (url) this.still.src = url;
  }
}
