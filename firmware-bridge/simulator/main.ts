/**
 * A simulated box: the same bridge with the simulator's platform and network. `node firmware-bridge/simulator/main.ts [--config FILE]`;
 * `SIMULATED_GATEWAY` is the hardware address of the router next to it (another one: the box was moved).
 */
import { run } from '../src/run.ts';
import { simulatedNetwork } from './network.ts';
import { createSimulatedPlatform } from './platform.ts';

void run(createSimulatedPlatform, { readNetwork: simulatedNetwork(process.env.SIMULATED_GATEWAY ?? '') });
