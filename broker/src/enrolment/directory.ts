/** Who is enrolled, as the store keeps it. Secrets are hashes only. */
import type { Household } from '@shouwang/protocol';

export interface BoxEntry {
  household: Household;
  secretHash: string;
  revoked: boolean;
  /** What it watched until then it may not go on watching: it has another secret since, or stands in another area. ms */
  viewsEndedAt?: number | undefined;
}

export interface IntegratorEntry {
  name: string;
  secretHash: string;
  mayCommand: boolean;
  maySeeHouseholds: boolean;
  /** Hears of silent alarms too. */
  maySeeSilent: boolean;
  areas: string[];
  revoked: boolean;
}

export interface MediaNodeEntry {
  node: string;
  secretHash: string;
  revoked: boolean;
}

export interface OperatorEntry {
  user: string;
  name: string;
  post: string;
  role: 'operator' | 'auditor' | 'admin';
  passwordHash: string;
  revoked: boolean;
}

/** Everybody, read once at start and kept in memory: CONNECT and every case view look here. */
export interface Directory {
  boxes: Map<string, BoxEntry>;
  integrators: Map<string, IntegratorEntry>;
  mediaNodes: Map<string, MediaNodeEntry>;
  operators: Map<string, OperatorEntry>;
  areas: Map<string, string>;
}

/** The name of an area, or of the nearest one around it, or its code. */
export function areaName(directory: Pick<Directory, 'areas'>, code: string): string {
  for (const length of [15, 12, 9, 6]) {
    const name = code.length >= length ? directory.areas.get(code.slice(0, length)) : undefined;
    if (name !== undefined) return name;
  }
  return code;
}

/** The household of a box; a box that is no longer enrolled still has its id. */
export function householdOf(directory: Pick<Directory, 'boxes'>, boxId: string, area: string): Household {
  return directory.boxes.get(boxId)?.household ?? { boxId, name: '—', address: '—', phone: '—', area };
}
