/** The list of its alarms for a box that can keep none for good (`boxPaths.reports`). */
import { type Static, Type } from '@sinclair/typebox';
import { REPORTS_AT_MOST } from '../box-http.ts';
import { Progress } from './box-down.ts';

/** The last cases of the box that asks, the newest first, each as `down/progress` tells it; never a silent one. */
export const BoxReports = Type.Object(
  { reports: Type.Array(Progress.properties.data, { maxItems: REPORTS_AT_MOST }) },
  { additionalProperties: false },
);
export type BoxReports = Static<typeof BoxReports>;
