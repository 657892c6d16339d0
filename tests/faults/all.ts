/** Every fault by name, in the order in which a run tries them. */
import { boxClockJumps, centreClockJumps } from './clocks.ts';
import { boxFlash, centreDiskFull, centreReadOnly } from './disks.ts';
import { kills } from './kills.ts';
import { badPackets, halfOpen, hourAway } from './lines.ts';
import type { FaultContext } from './scene.ts';
import { silentConnections } from './silent-connections.ts';

export const FAULTS: Record<string, (context: FaultContext) => Promise<void>> = {
  kills,
  'centre-disk-full': centreDiskFull,
  'centre-read-only': centreReadOnly,
  'box-flash': boxFlash,
  'hour-away': hourAway,
  'bad-packets': badPackets,
  'half-open': halfOpen,
  'box-clock-jumps': boxClockJumps,
  'centre-clock-jumps': centreClockJumps,
  'silent-connections': silentConnections,
};
