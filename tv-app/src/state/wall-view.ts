/** The wall as it is drawn. Pure: lists and pictures in, words and badges out. */
import type { NearbyCamera } from '@shouwang/protocol';
import type { StillPicture } from '../services/still-store.ts';
import { ageText, distanceText, GROUPS, WALL } from '../words.ts';
import type { Group } from './groups.ts';
import { PER_PAGE } from './wall-focus.ts';

export interface TileView {
  cameraId: string;
  /** What to type for it; also where it stands in the list. */
  number: number;
  name: string;
  distance: string;
  /** The picture to show, and when it was taken. */
  url: string | undefined;
  pictureAt: number | undefined;
  focused: boolean;
  online: boolean;
  badge: { text: string; tone: 'good' | 'old' | 'off' };
  /** In place of a picture. */
  note: string;
}
export interface WallView {
  tiles: TileView[];
  /** In place of tiles: loading, none, unreachable. */
  note: string;
  /** `第 1 页，共 2 页`; empty when all fit. */
  pageNote: string;
  /** Where there are many cameras: their groups, one of them shown. */
  groups: { label: string; shown: boolean; focused: boolean }[];
}

/** A still older than this is said to be old: two refreshes missed and the time of a third. */
export const OLD_MS = 15_000;

export interface WallSource {
  cameras: readonly NearbyCamera[] | undefined;
  listFailed: boolean;
  /** The centre can be asked now. */
  reachable: boolean;
  still(cameraId: string): StillPicture | undefined;
  problem(cameraId: string): string | undefined;
}

export interface WallGroups {
  groups: readonly Group[];
  shown: Group;
  /** The highlight is on the groups. */
  focused: boolean;
}

export function wallView(source: WallSource, focus: number, now: number, bar?: WallGroups): WallView {
  const { cameras } = source;
  const groups = (bar?.groups ?? []).map((g) => ({
    label: GROUPS[g],
    shown: g === bar?.shown,
    focused: bar?.focused === true && g === bar.shown,
  }));
  if (!cameras) return { tiles: [], note: source.reachable && !source.listFailed ? WALL.loading : WALL.noList, pageNote: '', groups };
  if (cameras.length === 0) return { tiles: [], note: WALL.none, pageNote: '', groups };
  const page = Math.floor(focus / PER_PAGE);
  const pages = Math.ceil(cameras.length / PER_PAGE);
  const first = page * PER_PAGE;
  return {
    tiles: cameras
      .slice(first, first + PER_PAGE)
      .map((camera, i) => tile(source, camera, first + i, first + i === focus && bar?.focused !== true, now)),
    note: '',
    pageNote: pages > 1 ? WALL.page(page + 1, pages) : '',
    groups,
  };
}

function tile(source: WallSource, camera: NearbyCamera, index: number, focused: boolean, now: number): TileView {
  const still = source.still(camera.id);
  const problem = source.problem(camera.id);
  const refused = problem === 'CAMERA_NOT_GRANTED';
  return {
    cameraId: camera.id,
    number: index + 1,
    name: camera.name,
    distance: distanceText(camera.distanceM),
    url: refused ? undefined : still?.url,
    pictureAt: still?.pictureAt,
    focused,
    online: camera.online,
    badge: badge(camera, still, problem, now),
    note: refused ? WALL.notGranted : still ? '' : camera.online && problem === undefined ? WALL.noPicture : WALL.noPictureNow,
  };
}

/** A picture's age is said before anything else: 有画面 stands only over a picture that is of now. */
function badge(camera: NearbyCamera, still: StillPicture | undefined, problem: string | undefined, now: number): TileView['badge'] {
  if (problem === 'CAMERA_NOT_GRANTED') return { text: WALL.noAccess, tone: 'off' };
  const age = still ? now - still.pictureAt : 0;
  if (still && age >= OLD_MS) return { text: ageText(age), tone: 'old' };
  if (!camera.online || problem === 'CAMERA_OFFLINE') return { text: WALL.offline, tone: 'off' };
  if (problem === 'CODEC_UNSUPPORTED' || (!still && problem !== undefined)) return { text: WALL.without, tone: 'off' };
  if (!still) return { text: WALL.waiting, tone: 'old' };
  // A picture of now that shows nothing, or always the same, is not what 有画面 means. One that came is no silent camera's, whatever was found before.
  const { fault } = camera;
  return fault === 'black' || fault === 'frozen' ? { text: WALL[fault], tone: 'off' } : { text: WALL.online, tone: 'good' };
}
