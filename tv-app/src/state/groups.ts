/** Many cameras in groups: as the catalogue says, else by the words that people use in their names. Pure. */
import type { CameraGroup, NearbyCamera } from '@shouwang/protocol';

export type Group = 'all' | CameraGroup;

/** From here on one page of the wall does not do. */
export const MANY = 9;
/** A camera at the house is everybody's first question. */
const NEAR_M = 150;
/** The first that fits decides. */
const WORDS: readonly { group: CameraGroup; words: RegExp }[] = [
  { group: 'school', words: /学校|小学|中学|幼儿园|校门|学堂/ },
  { group: 'square', words: /广场|村委|市场|集市|公园|文化站|卫生/ },
  { group: 'road', words: /路|街|桥|口|巷|车站|坡|弯/ },
];

export function groupOf(camera: NearbyCamera): CameraGroup {
  if (camera.group) return camera.group;
  if (camera.distanceM !== undefined && camera.distanceM <= NEAR_M) return 'home';
  for (const { group, words } of WORDS) if (words.test(camera.name)) return group;
  for (const { group, words } of WORDS) if (words.test(camera.place)) return group;
  return 'home';
}

/** The groups that have cameras, `all` first; empty where there are few cameras. */
export function groupsOf(cameras: readonly NearbyCamera[] | undefined): Group[] {
  if (!cameras || cameras.length <= MANY) return [];
  const order: CameraGroup[] = ['home', 'road', 'school', 'square'];
  const there = order.filter((g) => cameras.some((c) => groupOf(c) === g));
  return there.length > 1 ? ['all', ...there] : [];
}

export function inGroup(cameras: readonly NearbyCamera[] | undefined, group: Group): readonly NearbyCamera[] | undefined {
  if (!cameras || group === 'all') return cameras;
  return cameras.filter((c) => groupOf(c) === group);
}
