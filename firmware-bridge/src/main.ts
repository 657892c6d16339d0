/** The bridge on a real box: `node bridge.cjs [--config FILE] [enrol-request | install-certificate FILE | update FILE]`. */
import { pickPlatform } from './platforms/registry.ts';
import { run } from './run.ts';

void run(pickPlatform);
