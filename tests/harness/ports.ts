import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what the kernel gives to outgoing connections (ip_local_port_range, from 32,768 on), so that none of them takes a port between
 * its being chosen and its being listened at.
 */
const FIRST = 20_000;
const END = 32_000;
/** Each of Vitest's workers has ports of its own. */
const SLICES = 8;
const SIZE = (END - FIRST) / SLICES;
const slice = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % SLICES) * SIZE;

/** A media node takes the ports after its own as well, one for each further worker. No divisor of SIZE, so that every port has its turn. */
const STRIDE = 17;

/** Begins anywhere, so that other runs on this machine are not met. */
let next = Math.floor(Math.random() * SIZE);

/** Ports on 127.0.0.1 that are free now, by TCP and by UDP; none is given twice before all the others were. */
export async function freePorts<N extends number>(count: N): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried === SIZE) throw new Error(`no ${count} ports of ${slice} to ${slice + SIZE - 1} are free`);
    next = (next + STRIDE) % SIZE;
    const port = slice + next;
    if ((await isFree(port)) && !ports.includes(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all([new Promise((done) => server.close(done)), new Promise<void>((done) => socket.close(done))]);
  }
}
