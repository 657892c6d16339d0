/** Boxes that die, come back, and are carried to another house. */
import { type FleetBox, type FleetPage, fleetPaths, type WorkOrder, type WorkOrderPage } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleScreen } from '../harness/console-screen.ts';
import type { Operator } from '../harness/operator.ts';
import type { Service } from '../harness/service.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

const AT_HOME = '02:00:00:00:00:01';
const ELSEWHERE = '02:00:00:00:00:02';

let world: World;
let box: Service;
let operator: Operator;
let console: ConsoleScreen | undefined;
beforeAll(async () => {
  world = await startWorld({
    brokerEnv: {
      SHOUWANG_BROKER_FLEET_SUSPECT_AFTER_S: '3',
      SHOUWANG_BROKER_FLEET_OFFLINE_AFTER_S: '5',
      SHOUWANG_BROKER_FLEET_ORDER_AFTER_S: '6',
      SHOUWANG_BROKER_FLEET_GRACE_S: '0',
      SHOUWANG_BROKER_FLEET_WELL_FOR_S: '1',
    },
    bridgeEnv: { SHOUWANG_BRIDGE_UPLINK_HEARTBEAT_S: '1', SIMULATED_GATEWAY: AT_HOME },
  });
  operator = await world.operatorAway();
  box = await world.box();
});
afterAll(async () => {
  await console?.getsUp();
  await world?.ends();
});

const theBox = async (): Promise<FleetBox> => (await operator.get<FleetPage>(fleetPaths.fleetBoxes)).boxes[0]!;
const boxIs = (what: string, test: (b: FleetBox) => unknown) => until(`the box is ${what}`, async () => test(await theBox()), 30_000, 100);
const orders = async (state: string): Promise<WorkOrder[]> =>
  (await operator.get<WorkOrderPage>(`${fleetPaths.workOrders}?state=${state}`)).orders;

it('a box whose bridge is killed is missed, then offline; its work order opens, and closes itself when it is back', {
  timeout: 120_000,
}, async () => {
  await boxIs('online', (b) => b.presence === 'online' && b.health?.outbox);
  await box.kill();
  await boxIs('missed', (b) => b.presence !== 'online');
  await boxIs('offline', (b) => b.presence === 'offline');
  await until('a work order', async () => (await orders('open')).length > 0, 30_000, 100);
  const [order] = await orders('open');
  expect(order).toMatchObject({ boxId: world.boxId(0), kind: 'offline', areaName: '平安村' });
  await world.box();
  await boxIs('online again', (b) => b.presence === 'online');
  await until('the order closed itself', async () => (await orders('open')).length === 0, 30_000, 100);
  const [closed] = await orders('closed');
  expect(closed?.history.map((h) => h.event)).toEqual(['opened', 'closed']);
  expect((await theBox()).addressInDoubtSince, 'it is where it was').toBeUndefined();
});

it('a box that was moved is 地址待核实 in the console, on an alarm’s case and among the devices, until a person confirms', {
  timeout: 120_000,
}, async () => {
  console = await new ConsoleScreen().sitsDown(world.consoleUrl, 'zhiban', world.secrets.operator);
  await box.stop();
  box.options.env.SIMULATED_GATEWAY = ELSEWHERE;
  await world.box();
  const villager = await world.connectedVillager();
  await villager.pressesSos();
  await console.selects(await console.hasCase('received'));
  const { page } = console;
  await page.locator('[data-testid="case"] [data-testid="address-in-doubt"]').waitFor();
  await page.keyboard.press('d');
  const device = page.locator(`[data-testid="device"][data-box="${world.boxId(0)}"]`);
  await device.getByText('地址待核实').waitFor();
  await page.getByRole('button', { name: '设备' }).click();
  await page.getByRole('button', { name: '确认地址' }).click();
  await page.getByRole('button', { name: '核实过，地址无误' }).click();
  // What it says when it stays is why.
  await expect.poll(() => page.getByTestId('address-in-doubt').allInnerTexts(), { timeout: 30_000 }).toEqual([]);
  expect((await theBox()).addressInDoubtSince).toBeUndefined();
  const kinds = (await operator.ledger()).map((row) => row.kind);
  expect(kinds.filter((k) => k === 'box.moved' || k === 'box.address-confirmed')).toEqual(['box.moved', 'box.address-confirmed']);
});
