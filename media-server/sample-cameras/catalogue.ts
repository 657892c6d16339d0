/** The six sample cameras as a media node's `cameras:` lists them. */
import type { CameraGroup } from '@shouwang/protocol';

export interface SampleCamera {
  id: string;
  name: string;
  place: string;
  area: string;
  position: { lat: number; lon: number };
  householdsOf: string[];
  group: CameraGroup;
  url: string;
}

/** 平安村 of the sample world; its households may watch all six. */
const VILLAGE = '522328101201';
/** Where the sample household lives; distances below are from here. */
const HOUSEHOLD = { lat: 25.101, lon: 105.471 };
const METRES_PER_DEGREE = 111_320;

/** `east`, `north`: metres from the household. */
const CAMERAS = [
  { id: 'gate', name: '大门口', place: '平安村牌坊，县道旁', east: 24, north: -32, group: 'home' },
  { id: 'lane', name: '村口小巷', place: '平安村3组，老屋巷口', east: -72, north: 54, group: 'home' },
  { id: 'square', name: '村委会广场', place: '平安村村委会门前', east: 126, north: 168, group: 'square' },
  { id: 'clinic', name: '卫生院门前', place: '平安镇卫生院前坪', east: 304, north: -228, group: 'square' },
  { id: 'school', name: '小学门口', place: '平安小学正门斑马线', east: -312, north: -416, group: 'school' },
  { id: 'river-road', name: '河边东路', place: '河边东路风雨桥段', east: 640, north: 480, group: 'road' },
] as const;

export type SampleCameraId = (typeof CAMERAS)[number]['id'];

/** Id and name of each, nearest to the sample household first. */
export const SAMPLE_CAMERAS: ReadonlyArray<{ id: SampleCameraId; name: string }> = CAMERAS;

/** `rtspBaseUrl`: where the sample cameras serve, e.g. `rtsp://127.0.0.1:8554`. */
export function sampleCatalogue(rtspBaseUrl: string): SampleCamera[] {
  const base = rtspBaseUrl.replace(/\/+$/, '');
  return CAMERAS.map(({ id, name, place, group, east, north }) => ({
    id,
    name,
    place,
    area: VILLAGE,
    position: {
      lat: round(HOUSEHOLD.lat + north / METRES_PER_DEGREE),
      lon: round(HOUSEHOLD.lon + east / (METRES_PER_DEGREE * Math.cos((HOUSEHOLD.lat * Math.PI) / 180))),
    },
    householdsOf: [VILLAGE],
    group,
    url: `${base}/${id}`,
  }));
}

/** To a decimetre. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
