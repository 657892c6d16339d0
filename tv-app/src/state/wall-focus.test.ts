import { describe, expect, it } from 'vitest';
import { type Direction, inTopRow, moveFocus } from './wall-focus.ts';

const walk = (from: number, count: number, ...directions: Direction[]) => directions.reduce((at, d) => moveFocus(at, count, d), from);

describe('the highlight on the wall', () => {
  it('moves inside three by two and stops at the edges', () => {
    expect(walk(0, 6, 'right', 'right', 'right')).toBe(2);
    expect(walk(0, 6, 'down', 'down')).toBe(3);
    expect(walk(5, 6, 'up', 'up')).toBe(2);
    expect(walk(0, 6, 'left', 'up')).toBe(0);
  });

  it('goes on to the next page at the right edge, in its row, and back', () => {
    expect(walk(2, 12, 'right')).toBe(6);
    expect(walk(5, 12, 'right')).toBe(9);
    expect(walk(6, 12, 'left')).toBe(2);
    expect(walk(9, 12, 'left')).toBe(5);
  });

  it('a short next page: its first camera rather than nothing', () => {
    expect(walk(5, 7, 'right')).toBe(6);
    expect(walk(6, 7, 'right', 'down')).toBe(6);
  });

  it('a short last row: the last camera of it', () => {
    expect(walk(2, 5, 'down')).toBe(4);
    expect(walk(1, 3, 'down')).toBe(1);
  });

  it('never leaves the list', () => {
    const all: Direction[] = ['left', 'right', 'up', 'down'];
    for (let count = 0; count <= 14; count++)
      for (let at = 0; at < Math.max(1, count); at++)
        for (const d of all) {
          const to = moveFocus(at, count, d);
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(Math.max(1, count));
        }
  });

  it('every camera can be reached', () => {
    for (const count of [1, 4, 5, 6, 7, 9, 13]) {
      const seen = new Set([0]);
      for (const at of seen) for (const d of ['left', 'right', 'up', 'down'] as const) seen.add(moveFocus(at, count, d));
      expect(seen.size).toBe(count);
    }
  });

  it('knows the top row on every page', () => {
    expect([0, 2, 3, 5, 6, 9].map(inTopRow)).toEqual([true, true, false, false, true, false]);
  });
});
