/** The cameras and their nodes in memory: who may see which, how far, and whether its node is there. */
import {
  areaContains,
  CAMERA_FAULTS,
  type ConsoleCamera,
  type MediaFaultsTold,
  type NearbyCamera,
  type Position,
} from '@shouwang/protocol';
import type { CatalogueRow, NodeRow } from './operations.ts';

/** What the catalogue needs to know of connections. */
export interface NodePresence {
  nodeIsOnline(node: string): boolean;
}

type Fault = MediaFaultsTold['data']['faults'][number];
type Condition = Pick<ConsoleCamera, 'live' | 'fault'>;

/** Cameras told to a household at most, and shown beside a case. */
const NEARBY_AT_MOST = 200;
const BESIDE_A_CASE = 12;
/** Where the distance is unknown: after all others. */
const FAR = Number.MAX_SAFE_INTEGER;

export class Catalogue {
  readonly #presence: NodePresence;
  #cameras = new Map<string, CatalogueRow>();
  #nodes = new Map<string, NodeRow>();
  /** What each node said last of its cameras. */
  readonly #told = new Map<string, { text: string; live: ReadonlySet<string>; faults: ReadonlyMap<string, Fault> }>();

  constructor(presence: NodePresence) {
    this.#presence = presence;
  }

  /** Takes over what the store has. */
  load(cameras: CatalogueRow[], nodes: NodeRow[]): void {
    this.#cameras = new Map(cameras.map((c) => [c.id, c]));
    this.#nodes = new Map(nodes.map((n) => [n.node, n]));
  }

  /** Whether a node has told exactly these faults before; which cameras live changes with every viewer. */
  knows(node: string, faults: readonly Fault[]): boolean {
    return this.#told.get(node)?.text === JSON.stringify(faults);
  }

  /** Takes over what a node says of its cameras. */
  told(node: string, { faults, live = [] }: MediaFaultsTold['data']): void {
    const worst = new Map<string, Fault>();
    const rank = (f: Fault) => (CAMERA_FAULTS as readonly string[]).indexOf(f.fault);
    for (const f of [...faults].sort((a, b) => rank(b) - rank(a))) if (f.cameraId !== undefined) worst.set(f.cameraId, f);
    this.#told.set(node, { text: JSON.stringify(faults), live: new Set(live), faults: worst });
  }

  get(cameraId: string): CatalogueRow | undefined {
    return this.#cameras.get(cameraId);
  }

  isOnline(camera: CatalogueRow): boolean {
    return this.#presence.nodeIsOnline(camera.node);
  }

  /** Where viewers reach a node. */
  mediaUrl(node: string): string | undefined {
    return this.#nodes.get(node)?.publicUrl;
  }

  /** Addresses of all nodes that ever said hello. */
  mediaUrls(): string[] {
    return [...this.#nodes.values()].flatMap((n) => (n.publicUrl ? [n.publicUrl] : []));
  }

  /** Whether a household of `area` was granted the camera. */
  mayWatch(camera: CatalogueRow, area: string): boolean {
    return camera.householdsOf.some((outer) => areaContains(outer, area));
  }

  /** What a household may know of, nearest first. */
  nearby(area: string, from: Position | undefined): NearbyCamera[] {
    return this.#sorted(from)
      .filter(({ camera }) => this.mayWatch(camera, area))
      .slice(0, NEARBY_AT_MOST)
      .map(({ camera, distanceM }) => ({
        id: camera.id,
        name: camera.name,
        place: camera.place,
        ...(distanceM === undefined ? {} : { distanceM }),
        ...(camera.group === undefined ? {} : { group: camera.group }),
        online: this.isOnline(camera),
        ...faultOnly(this.#condition(camera)),
      }));
  }

  /** Every camera, for operators; with a place to measure from, nearest first. */
  all(from?: Position): ConsoleCamera[] {
    return this.#sorted(from).map(({ camera, distanceM }) => {
      const { node: _node, ...shown } = camera;
      return { ...shown, online: this.isOnline(camera), ...this.#condition(camera), ...(distanceM === undefined ? {} : { distanceM }) };
    });
  }

  /** Beside a case: the camera on the caller's screen first, then the nearest. */
  besideCase(from: Position | undefined, onScreen: string | undefined): ConsoleCamera[] {
    const cameras = this.all(from);
    const first = cameras.filter((c) => c.id === onScreen);
    return [...first, ...cameras.filter((c) => c.id !== onScreen)].slice(0, BESIDE_A_CASE);
  }

  /** Of an absent node nothing is known that counts now. */
  #condition(camera: CatalogueRow): Condition {
    const told = this.isOnline(camera) ? this.#told.get(camera.node) : undefined;
    const found = told?.faults.get(camera.id);
    const { fault, since, detail } = found ?? {};
    const kind = CAMERA_FAULTS.find((k) => k === fault);
    return {
      ...(told?.live.has(camera.id) ? { live: true } : {}),
      ...(kind && since !== undefined ? { fault: { fault: kind, since, ...(detail ? { detail } : {}) } } : {}),
    };
  }

  #sorted(from: Position | undefined): { camera: CatalogueRow; distanceM: number | undefined }[] {
    return [...this.#cameras.values()]
      .map((camera) => ({ camera, distanceM: distanceM(from, camera.position) }))
      .sort((a, b) => (a.distanceM ?? FAR) - (b.distanceM ?? FAR) || (a.camera.id < b.camera.id ? -1 : 1));
  }
}

/** A household is told what is wrong, and not more. */
function faultOnly({ fault }: Condition): Pick<NearbyCamera, 'fault'> {
  return fault ? { fault: fault.fault } : {};
}

const EARTH_M = 6_371_000;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres as the crow flies (haversine on a sphere), rounded; undefined where a position is unknown. */
export function distanceM(a: Position | undefined, b: Position | undefined): number | undefined {
  if (!a || !b) return undefined;
  const h =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h))));
}
