/** Thousands of connections that never send CONNECT: alarms get through meanwhile, and the strangers are shown the door. */
import { connect, type Socket } from 'node:net';
import { until } from '../harness/until.ts';
import { Fleet } from './fleet.ts';
import { type FaultContext, inScene } from './scene.ts';

const BOXES = 20;
const HANDSHAKE_S = 5;
/** Opened in one go; more would wait in the queue of the listener anyway. */
const AT_ONCE = 500;

export async function silentConnections(context: FaultContext): Promise<void> {
  const { report, short } = context;
  const count = short ? 300 : 5000;
  const brokerEnv = { SHOUWANG_BROKER_MQTT_HANDSHAKE_S: String(HANDSHAKE_S) };
  await inScene(context, { boxes: BOXES, brokerEnv }, async (scene) => {
    const { world, promises } = scene;
    await scene.warmsUp(BOXES, 20);
    const fleet = new Fleet(world, promises, 0, BOXES);
    const strangers: Socket[] = [];
    let left = 0;
    try {
      while (strangers.length < count) {
        const some = await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, count - strangers.length) }, () => aStranger(world.ports.mqtt)),
        );
        for (const socket of some) socket.once('close', () => left++);
        strangers.push(...some);
        fleet.raises(1);
      }
      report.did('connections that never sent CONNECT', count);
      // While those that came last are still there.
      await fleet.isAnswered();
      await until('every stranger was shown the door', () => left === strangers.length, (HANDSHAKE_S + 60) * 1000);
      fleet.raises(5);
      await fleet.isAnswered();
      await fleet.ends();
      await scene.keepsEverything();
    } finally {
      for (const socket of strangers) socket.destroy();
      await fleet.ends();
    }
  });
}

function aStranger(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
    // Read, so that an end is noticed.
    socket.resume();
  });
}
