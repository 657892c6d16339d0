/** Presses of the alarm key through a whole world, timed. */
import { until } from '../harness/until.ts';
import { startWorld } from '../harness/world.ts';

/** The key to flash, to the centre's commit and to the console, ms: so many presses after a few to warm up. */
export async function pressTimes(count: number, warmUp: number): Promise<{ stored: number[]; received: number[]; atConsole: number[] }> {
  const world = await startWorld();
  try {
    await world.box();
    const operator = await world.operator();
    const villager = await world.connectedVillager();
    const stored: number[] = [];
    const received: number[] = [];
    const atConsole: number[] = [];
    for (let i = 0; i < count + warmUp; i++) {
      const before = villager.alarm?.id;
      const seenBefore = villager.seen.length;
      const start = performance.now();
      await villager.call('key', { key: 'sos', action: 'down' });
      const fresh = () => (villager.alarm && villager.alarm.id !== before ? villager.alarm : undefined);
      const storedIn = await timed(start, 'stored', () => fresh()?.storedAt);
      const id = villager.alarm?.id ?? '';
      const [receivedIn, consoleIn] = await Promise.all([
        timed(start, 'received', () => fresh()?.receivedAt),
        timed(start, 'at the console', () => operator.heard.find((h) => h.live.event.data.alarmId === id)),
      ]);
      await villager.call('key', { key: 'sos', action: 'up' });
      if (i >= warmUp) {
        stored.push(storedIn);
        received.push(receivedIn);
        atConsole.push(consoleIn);
      }
      const caseNo = villager.alarm?.caseNo ?? '';
      await operator.command(caseNo, { command: 'sign' });
      await operator.command(caseNo, { command: 'handle' });
      await operator.command(caseNo, { command: 'close', result: '演练' });
      await villager.seesAlarm('closed', (a) => a.state === 'closed');
      await villager.call('rate', { rating: 'satisfied' });
      await villager.seesAlarm('rated', (a) => a.ratingReceived);
      await villager.call('dismiss', {});
      villager.seen.splice(0, seenBefore);
      await apart();
      operator.heard.splice(0);
    }
    return { stored, received, atConsole };
  } finally {
    await world.ends();
  }
}

/** Two presses closer together than this are one press through a shadowed beam (`keys.bridgeGapMs`). */
function apart(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 450));
}

/** Milliseconds from `start` until `probe` holds; polls every 2 ms, which is the resolution of what is reported. */
export async function timed(start: number, what: string, probe: () => unknown, timeoutMs = 15_000): Promise<number> {
  await until(what, probe as () => Promise<unknown>, timeoutMs, 2);
  return performance.now() - start;
}
