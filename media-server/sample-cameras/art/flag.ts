import type { Sprite } from '../picture/scene.ts';
import { ellipse, n, type Point, path, rect } from './svg.ts';

/** The national flag on its pole, flying; 12 frames. The pole's foot is the anchor. */
export function flag(height: number): Sprite {
  const svg = (frame: number) => {
    const wave = (x: number) => Math.sin((x / 46) * 2 * Math.PI - (frame / 12) * 2 * Math.PI) * (x / 46) * 2.6;
    const steps = Array.from({ length: 13 }, (_, i) => (i * 46) / 12);
    const edge = (y: number, list: number[]) => list.map((x) => `${n(8 + x)} ${n(y + wave(x))}`).join('L');
    const star = (x: number, y: number, r: number) => {
      const tips = Array.from({ length: 10 }, (_, i) => {
        const radius = i % 2 ? r * 0.4 : r;
        const a = -Math.PI / 2 + (i * Math.PI) / 5;
        return `${n(8 + x + Math.cos(a) * radius)} ${n(y + wave(x) + Math.sin(a) * radius)}`;
      });
      return path(`M${tips.join('L')}Z`, '#f7d64a');
    };
    const small: Point[] = [
      [15.4, 6.4],
      [18.4, 9.4],
      [18.4, 13.8],
      [15.4, 16.8],
    ];
    return (
      ellipse(7, height - 2, 9, 2, '#141c18', 'fill-opacity=".3"') +
      rect(5.5, 3, 3, height - 5, '#d7dbdd') +
      rect(7.3, 3, 1.2, height - 5, '#98a0a4') +
      ellipse(7, 3, 2.4, 2.4, '#e8c04d') +
      path(`M${edge(6, steps)}L${edge(36, [...steps].reverse())}Z`, '#d8281f') +
      path(`M${edge(28, steps)}L${edge(36, [...steps].reverse())}Z`, '#a81a14', 'fill-opacity=".4"') +
      star(8, 13, 5) +
      small.map(([x, y]) => star(x, y, 1.7)).join('')
    );
  };
  return { id: `flag-${height}`, width: 58, height, frames: 12, anchor: { x: 7, y: height - 2 }, svg };
}
