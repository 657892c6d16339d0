/** The camera farm as a process of its own: `--cameras N [--udp PORT,PORT…]`. Ends with whoever started it. */
import { parseArgs } from 'node:util';
import { CameraFarm } from './farm.ts';
import { loadLoop } from './loop.ts';

const { values } = parseArgs({ options: { cameras: { type: 'string', default: '1' }, udp: { type: 'string', default: '' } } });
const udpPorts = values.udp.split(',').filter(Boolean).map(Number);
const farm = new CameraFarm(loadLoop(), Number(values.cameras), udpPorts);
const port = await farm.listen();
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true, port });
