/** Which notices stand for whom. Pure. */
import { areaContains } from '@shouwang/protocol';

interface ForArea {
  area: string;
}

/** Those of the areas around a household, in their order. */
export function noticesFor<N extends ForArea>(standing: readonly N[], area: string): N[] {
  return standing.filter((n) => areaContains(n.area, area));
}

/** How many stand at most for one household inside `area`, wherever in it that may be. */
export function mostForOneBox(standing: readonly ForArea[], area: string): number {
  // Between one area of a notice and the next inside it nothing changes: the areas themselves are enough.
  const places = [area, ...standing.map((n) => n.area).filter((a) => areaContains(area, a))];
  return Math.max(...places.map((place) => noticesFor(standing, place).length));
}
