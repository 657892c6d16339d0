/**
 * A camera's still on the wall. Drawn once into a canvas of the tile's own size: the screen is drawn anew with every move of
 * the highlight, and scaling six large pictures each time is too much for a small box.
 */
import Lightning from '@lightningjs/core';
import type { Element, Stage } from './elements.ts';

export class StillPicture {
  readonly element: Element;
  private readonly stage: Stage;
  private readonly canvas: HTMLCanvasElement;
  private cameraId: string | undefined;
  private url: string | undefined;

  constructor(stage: Stage, w: number, h: number) {
    this.stage = stage;
    this.element = stage.c({ w, h, visible: false });
    this.canvas = document.createElement('canvas');
    this.canvas.width = Math.round(w * stage.getRenderPrecision());
    this.canvas.height = Math.round(h * stage.getRenderPrecision());
  }

  /** The picture before stays until this one is decoded, unless it is another camera's: that must not stand under a wrong name. */
  show(cameraId: string | undefined, url: string | undefined): void {
    if (cameraId !== this.cameraId || url === undefined) this.element.visible = false;
    this.cameraId = cameraId;
    if (url === this.url) return;
    this.url = url;
    if (url === undefined) return;
    const image = new Image();
    image.onload = () => {
      if (this.url === url) this.paint(image);
    };
    image.src = url;
  }

  /** The whole picture, in its own proportions; one that fits but for a few pixels fills the tile. */
  private paint(image: HTMLImageElement): void {
    const { width, height } = this.canvas;
    const across = width / image.naturalWidth;
    const down = height / image.naturalHeight;
    const fills = Math.abs(across / down - 1) < 0.03;
    const scale = Math.min(across, down);
    const w = fills ? width : Math.round(image.naturalWidth * scale);
    const h = fills ? height : Math.round(image.naturalHeight * scale);
    const context = this.canvas.getContext('2d');
    context?.clearRect(0, 0, width, height);
    context?.drawImage(image, Math.round((width - w) / 2), Math.round((height - h) / 2), w, h);
    const before = this.element.texture;
    const factory = (cb: (error: null, canvas: HTMLCanvasElement) => void) => cb(null, this.canvas);
    this.element.patch({ visible: true, texture: { type: Lightning.textures.StaticCanvasTexture, content: { factory } } });
    before?.free();
    this.stage.forceRenderUpdate();
  }
}
