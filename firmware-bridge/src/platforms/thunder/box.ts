/** The box as Thunder's plugins know it, over one connection: identity, power, network, key intercepts. */
import { CodedError } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { ThunderConnection } from './connection.ts';
import { failed, MAC, NETWORK, POWER, SERIAL, type Subject, type TextCall, textIn, WINDOWS } from './plugins.ts';

/** The id under which events are registered: they come as `<id>.<event>`. */
const EVENTS = 'shouwang';

export interface BoxEvents {
  /** The state as the plugin names it, e.g. `ON`, `STANDBY`, `DEEP_SLEEP`. */
  power(state: string): void;
  /** An interface or an address changed. */
  network(): void;
}

export interface ThunderBox {
  /** A box identifier from the serial number, else from the MAC; undefined where neither can be had. */
  identity(): Promise<string | undefined>;
  /**
   * Asks for power and network and has their changes reported. Again and again: a plugin that was restarted has forgotten us. Whether
   * Thunder answered anything at all, be it a refusal.
   */
  subscribe(): Promise<boolean>;
  /** Gives `codes` to `client` whichever program is in front, or no longer. Whether somebody took it. */
  intercept(client: string, codes: number[], on: boolean): Promise<boolean>;
  onEvent(method: string, params: unknown): void;
}

export function createThunderBox(connection: Pick<ThunderConnection, 'call'>, events: BoxEvents, log: Logger): ThunderBox {
  let powerFields: readonly string[] = [];
  let answered = false;

  /** Undefined for any refusal. */
  async function ask(method: string, params?: unknown): Promise<{ result: unknown } | undefined> {
    try {
      const result = await connection.call(method, params);
      answered = true;
      return failed(result) ? undefined : { result };
    } catch (error) {
      // Neither late nor cut off: a refusal.
      if (!(error instanceof CodedError)) answered = true;
      log.debug({ method, why: (error as Error).message }, 'Thunder has no answer');
      return undefined;
    }
  }

  async function text(ways: readonly TextCall[]): Promise<string | undefined> {
    for (const { call, fields } of ways) {
      const found = textIn((await ask(call))?.result, fields);
      if (found) return found;
    }
    return undefined;
  }

  /** The first that answers, its events registered. */
  async function follow<S extends Subject>(subjects: readonly S[]): Promise<{ subject: S; result: unknown } | undefined> {
    for (const subject of subjects) {
      // First the events, then the state: no change falls in between. A second registration is refused, which is as good.
      for (const event of subject.events) await ask(`${subject.callsign}.1.register`, { event, id: EVENTS });
      const answer = await ask(subject.ask);
      if (answer) return { subject, result: answer.result };
    }
    return undefined;
  }

  return {
    async identity() {
      return asBoxId(await text(SERIAL)) ?? asBoxId(await text(MAC));
    },
    async subscribe() {
      answered = false;
      const power = await follow(POWER);
      if (power) {
        powerFields = power.subject.fields;
        const state = textIn(power.result, powerFields);
        if (state) events.power(state);
      }
      await follow(NETWORK);
      return answered;
    },
    async intercept(client, codes, on) {
      for (const { callsign, params } of WINDOWS) {
        const verb = on ? 'addKeyIntercept' : 'removeKeyIntercept';
        const taken = await Promise.all(codes.map((keyCode) => ask(`${callsign}.${verb}`, params({ client, keyCode, modifiers: [] }))));
        if (taken.some(Boolean)) return taken.every(Boolean);
      }
      return false;
    },
    onEvent(method, params) {
      if (!method.startsWith(`${EVENTS}.`)) return;
      const event = method.slice(EVENTS.length + 1);
      if (POWER.some((p) => p.events.includes(event))) {
        const state = textIn(params, powerFields);
        if (state) events.power(state);
      } else if (NETWORK.some((n) => n.events.includes(event))) events.network();
    },
  };
}

/** Letters and digits of it (a box identifier is part of an MQTT topic); undefined where none are left. */
function asBoxId(text: string | undefined): string | undefined {
  const id = text?.replace(/[^A-Za-z0-9_-]/g, '').replace(/^[^A-Za-z0-9]+/, '');
  return id ? id.slice(0, 40) : undefined;
}
