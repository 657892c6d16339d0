/** A simulated box: the same bridge with the simulator's platform. `node firmware-bridge/simulator/main.ts [--config FILE]`. */
import { run } from '../src/run.ts';
import { createSimulatedPlatform } from './platform.ts';

void run(createSimulatedPlatform);
