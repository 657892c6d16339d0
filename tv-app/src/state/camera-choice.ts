/** Which cameras the wall shows, and which of them has the highlight. */
import type { NearbyCamera } from '@shouwang/protocol';
import type { RemoteKey } from '../keys/key-tables.ts';
import { type Group, groupsOf, inGroup } from './groups.ts';
import { type Direction, inTopRow, moveFocus, PER_PAGE } from './wall-focus.ts';

export class CameraChoice {
  /** Index in `list`. */
  focus = 0;
  group: Group = 'all';
  /** The highlight is on the groups above the wall. */
  onGroups = false;
  private readonly cameras: () => readonly NearbyCamera[] | undefined;
  private focusedId: string | undefined;

  /** `cameras`: all that there are, as far as it is known. */
  constructor(cameras: () => readonly NearbyCamera[] | undefined) {
    this.cameras = cameras;
  }

  groups(): Group[] {
    return groupsOf(this.cameras());
  }

  list(): readonly NearbyCamera[] | undefined {
    return inGroup(this.cameras(), this.group);
  }

  count(): number {
    return this.list()?.length ?? 0;
  }

  /** The camera with the highlight. */
  camera(): NearbyCamera | undefined {
    return this.list()?.[this.focus];
  }

  /** Those on the same page of the wall. */
  page(): readonly NearbyCamera[] {
    const first = Math.floor(this.focus / PER_PAGE) * PER_PAGE;
    return this.list()?.slice(first, first + PER_PAGE) ?? [];
  }

  /** Nothing of the wall is above the highlight. */
  atTop(): boolean {
    return this.groups().length > 0 ? this.onGroups : inTopRow(this.focus) || this.count() === 0;
  }

  moveTo(index: number): void {
    this.focus = index;
    this.focusedId = this.camera()?.id;
  }

  moveToCamera(id: string): void {
    const list = this.list() ?? [];
    for (let i = 0; i < list.length; i++) if (list[i]!.id === id) this.moveTo(i);
  }

  /** The next camera on that side. False: there is none. */
  neighbour(side: 'left' | 'right'): boolean {
    const next = this.focus + (side === 'left' ? -1 : 1);
    if (next < 0 || next >= this.count()) return false;
    this.moveTo(next);
    return true;
  }

  /** A key on the wall. True: the camera with the highlight is wanted. */
  key(key: RemoteKey): boolean {
    if (this.onGroups || (key === 'up' && inTopRow(this.focus))) {
      if (this.groupKey(key)) return false;
    }
    if (key === 'left' || key === 'right' || key === 'up' || key === 'down')
      this.moveTo(moveFocus(this.focus, this.count(), key as Direction));
    return key === 'ok' && this.count() > 0;
  }

  /** The highlight stays on its camera when the list changes around it. False: its camera is there no more. */
  follow(): boolean {
    // A group that lost its last camera is not there any more.
    const groups = this.groups();
    if (this.group !== 'all' && groups.indexOf(this.group) < 0) this.group = 'all';
    // Nor is a highlight on them, where there are none any more.
    if (groups.length === 0) this.onGroups = false;
    const list = this.list();
    if (!list) return true;
    let index = -1;
    for (let i = 0; i < list.length; i++) if (list[i]!.id === this.focusedId) index = i;
    this.moveTo(index >= 0 ? index : Math.max(0, Math.min(this.focus, list.length - 1)));
    return index >= 0;
  }

  /** On the groups, or on the way to them. False: the key is for the cameras. */
  private groupKey(key: RemoteKey): boolean {
    const groups = this.groups();
    if (groups.length === 0) {
      this.onGroups = false;
      return false;
    }
    if (!this.onGroups) {
      this.onGroups = key === 'up';
      return this.onGroups;
    }
    if (key === 'down' || key === 'ok' || key === 'back') this.onGroups = false;
    const step = key === 'left' ? -1 : key === 'right' ? 1 : 0;
    const next = groups[groups.indexOf(this.group) + step];
    if (step !== 0 && next) {
      this.group = next;
      this.moveTo(0);
    }
    return true;
  }
}
