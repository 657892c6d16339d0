/** Who is connected now. */
import type { Client } from 'aedes';
import type { Pace } from './pace.ts';
import { type Principal, principalName } from './principal.ts';

export interface Connection {
  principal: Principal;
  keepAliveS: number;
  pace: Pace;
}

export interface PresenceListener {
  /** The number of boxes, or a media node's presence, changed. */
  changed(): void;
  now(): number;
}

/** Admitted connections by aedes client, and the newest one of each client id. */
export class Connections {
  readonly #byClient = new WeakMap<Client, Connection>();
  readonly #current = new Map<string, Client>();
  readonly #boxes = new Set<string>();
  readonly #nodes = new Set<string>();
  /** When a node's connection was last seen to end; ms since 1970. */
  readonly #nodesLeft = new Map<string, number>();
  readonly #listener: PresenceListener;

  constructor(listener: PresenceListener) {
    this.#listener = listener;
  }

  admitted(client: Client, connection: Connection): void {
    this.#byClient.set(client, connection);
  }

  of(client: Client): Connection | undefined {
    return this.#byClient.get(client);
  }

  /** The connection stands. */
  opened(client: Client): void {
    const principal = this.#byClient.get(client)?.principal;
    if (!principal) return;
    this.#current.set(client.id, client);
    if (principal.kind === 'box') this.#boxes.add(principal.boxId);
    if (principal.kind === 'media') this.#nodes.add(principal.node);
    this.#listener.changed();
  }

  closed(client: Client): void {
    const principal = this.#byClient.get(client)?.principal;
    if (!principal || this.#current.get(client.id) !== client) return;
    this.#current.delete(client.id);
    if (principal.kind === 'box') this.#boxes.delete(principal.boxId);
    if (principal.kind === 'media') {
      this.#nodes.delete(principal.node);
      this.#nodesLeft.set(principal.node, this.#listener.now());
    }
    this.#listener.changed();
  }

  /** Whether a newer connection has taken this one's place. */
  isReplaced(client: Client): boolean {
    const current = this.#current.get(client.id);
    return current !== undefined && current !== client;
  }

  /** Whether the client id is in use by somebody else's user name. */
  belongsToAnother(clientId: string, principal: Principal): boolean {
    const current = this.#current.get(clientId);
    const other = current && this.#byClient.get(current)?.principal;
    return other !== undefined && principalName(other) !== principalName(principal);
  }

  /** A box's connection that stands now. */
  ofBox(boxId: string): Client | undefined {
    return this.#boxes.has(boxId) ? this.#current.get(boxId) : undefined;
  }

  get boxes(): ReadonlySet<string> {
    return this.#boxes;
  }

  nodeIsOnline(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** undefined: it was not here since the centre started. ms since 1970 */
  nodeLeftAt(node: string): number | undefined {
    return this.#nodesLeft.get(node);
  }
}
