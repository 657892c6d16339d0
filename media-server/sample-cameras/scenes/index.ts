import type { SampleCameraId } from '../catalogue.ts';
import type { Scene } from '../picture/scene.ts';
import { clinic } from './clinic.ts';
import { gate } from './gate.ts';
import { lane } from './lane.ts';
import { riverRoad } from './river-road.ts';
import { school } from './school.ts';
import { square } from './square.ts';

export const SCENES: Record<SampleCameraId, Scene> = { gate, lane, square, clinic, school, 'river-road': riverRoad };
