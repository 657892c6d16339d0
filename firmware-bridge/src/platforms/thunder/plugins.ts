/**
 * What is asked of which plugin. Builds of the RDK differ in what they have and how it is called: for each need the ways are tried in
 * order, and any refusal means "not this one". Data; the sources are the plugins' public API documents.
 */

/** A call whose result carries a text under one of these names. */
export interface TextCall {
  call: string;
  fields: readonly string[];
}

export const SERIAL: readonly TextCall[] = [
  { call: 'DeviceInfo.serialnumber', fields: ['serialnumber', 'serialNumber'] },
  { call: 'org.rdk.DeviceInfo.serialnumber', fields: ['serialnumber', 'serialNumber'] },
  { call: 'org.rdk.System.getSerialNumber', fields: ['serialNumber'] },
  { call: 'org.rdk.SystemServices.getSerialNumber', fields: ['serialNumber'] },
];

export const MAC: readonly TextCall[] = [
  { call: 'DeviceInfo.ethmac', fields: ['eth_mac', 'ethMac'] },
  { call: 'org.rdk.DeviceInfo.ethmac', fields: ['eth_mac', 'ethMac'] },
];

/** Something whose state is asked once and whose changes are events. */
export interface Subject {
  callsign: string;
  ask: string;
  events: readonly string[];
}

/** `fields`: where the state is, in an answer and in an event. */
export const POWER: readonly (Subject & { fields: readonly string[] })[] = [
  {
    callsign: 'org.rdk.PowerManager',
    ask: 'org.rdk.PowerManager.getPowerState',
    events: ['onPowerModeChanged'],
    fields: ['newState', 'currentState'],
  },
  ...['org.rdk.System', 'org.rdk.SystemServices'].map((callsign) => ({
    callsign,
    ask: `${callsign}.getPowerState`,
    events: ['onSystemPowerStateChanged'],
    fields: ['powerState'],
  })),
];

export const NETWORK: readonly Subject[] = [
  {
    callsign: 'org.rdk.NetworkManager',
    ask: 'org.rdk.NetworkManager.1.GetPrimaryInterface',
    events: ['onInternetStatusChange', 'onActiveInterfaceChange', 'onAddressChange'],
  },
  {
    callsign: 'org.rdk.Network',
    ask: 'org.rdk.Network.getDefaultInterface',
    events: ['onConnectionStatusChanged', 'onIPAddressStatusChanged'],
  },
];

export interface Intercept {
  client: string;
  keyCode: number;
  modifiers: string[];
}

/** Whoever hands keys to programs: it can be told to give a key to one of them whichever is in front. */
export const WINDOWS: readonly { callsign: string; params(intercept: Intercept): unknown }[] = [
  // Takes the intercept as JSON inside a string.
  { callsign: 'org.rdk.RDKWindowManager', params: (intercept) => ({ intercept: JSON.stringify(intercept) }) },
  { callsign: 'org.rdk.RDKShell', params: (intercept) => intercept },
];

/** The first of `fields` that is a text in `value`; undefined when none is. */
export function textIn(value: unknown, fields: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = fields.map((f) => (value as Record<string, unknown>)[f]).find((v) => typeof v === 'string' && v.trim() !== '');
  return found === undefined ? undefined : (found as string).trim();
}

/** Plugins of the older kind answer a failure with `success: false` instead of an error. */
export function failed(result: unknown): boolean {
  return typeof result === 'object' && result !== null && (result as { success?: unknown }).success === false;
}
