/** The areas that the registry of households has: every area that a box stands in, and every named one. */
import type { NoticeArea } from '@shouwang/protocol';
import type { Directory } from '../enrolment/directory.ts';
import { visitInSlices } from '../fleet/slices.ts';

/** County, township, village, grid: the lengths of an administrative code. */
const DIGITS = [6, 9, 12, 15];

/** Outer areas before those inside them. */
export async function noticeAreas(directory: Pick<Directory, 'boxes' | 'areas'>): Promise<NoticeArea[]> {
  const boxes = new Map<string, number>([...directory.areas.keys()].map((area) => [area, 0]));
  await visitInSlices(directory.boxes.values(), ({ household, revoked }) => {
    if (revoked) return;
    for (const digits of DIGITS) {
      if (household.area.length < digits) break;
      const area = household.area.slice(0, digits);
      boxes.set(area, (boxes.get(area) ?? 0) + 1);
    }
  });
  return [...boxes]
    .map(([area, count]) => ({ area, name: directory.areas.get(area) ?? area, boxes: count }))
    .sort((a, b) => (a.area < b.area ? -1 : 1));
}
