/** Where the highlight goes on the wall. Pure: pages of three by two, nearest first, left to right. */
export const COLUMNS = 3;
export const ROWS = 2;
export const PER_PAGE = COLUMNS * ROWS;

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The next index for `index` among `count` cameras; the same one where there is nothing in that direction. */
export function moveFocus(index: number, count: number, direction: Direction): number {
  if (count === 0) return 0;
  const page = Math.floor(index / PER_PAGE);
  const place = index % PER_PAGE;
  const row = Math.floor(place / COLUMNS);
  const column = place % COLUMNS;
  switch (direction) {
    case 'left':
      if (column > 0) return index - 1;
      return page > 0 ? at(page - 1, row, COLUMNS - 1) : index;
    case 'right':
      if (column < COLUMNS - 1) return index + 1 < count ? index + 1 : index;
      return (page + 1) * PER_PAGE < count ? Math.min(at(page + 1, row, 0), rowStart(page + 1, row, count)) : index;
    case 'up':
      return row > 0 ? index - COLUMNS : index;
    case 'down':
      if (row === ROWS - 1) return index;
      // A short last row: the last camera of it is nearer than nothing.
      return at(page, row + 1, 0) < count ? Math.min(index + COLUMNS, count - 1) : index;
  }
}

/** The highlight is in the top row: nothing is above it but the notices. */
export function inTopRow(index: number): boolean {
  return index % PER_PAGE < COLUMNS;
}

function at(page: number, row: number, column: number): number {
  return page * PER_PAGE + row * COLUMNS + column;
}

function rowStart(page: number, row: number, count: number): number {
  const start = at(page, row, 0);
  return start < count ? start : at(page, 0, 0);
}
