/**
 * Bounds the size of inbound MQTT packets. aedes has no limit of its own and its parser (mqtt-packet 9.0.2) buffers a
 * whole packet before it looks at it, so the check sits where the parser has just read the length (MQTT 3.1.1, 2.2.3):
 * the connection is closed before any of an oversized body is collected.
 */
import type { Client } from 'aedes';

/** The parts of mqtt-packet's parser that the guard stands on; `packet-guard.test.ts` holds them in place. */
interface GuardedParser {
  packet: { length: number; cmd: string | null };
  _parseLength(): boolean;
  _emitError(error: Error): unknown;
}

export class OversizedPacket extends Error {
  readonly bytes: number;
  constructor(bytes: number, limit: number) {
    super(`packet of ${bytes} bytes, allowed are ${limit}`);
    this.name = 'OversizedPacket';
    this.bytes = bytes;
  }
}

/** Installs the bound on one connection. `limit` is asked for each packet: before CONNECT it is smaller. */
export function guardPacketSize(client: Client, limit: () => number): void {
  const parser = (client as unknown as { _parser?: GuardedParser })._parser;
  if (typeof parser?._parseLength !== 'function' || typeof parser._emitError !== 'function')
    throw new Error('mqtt-packet changed its parser: the packet size guard does not fit any more');
  const parseLength = parser._parseLength.bind(parser);
  parser._parseLength = () => {
    const done = parseLength();
    if (!done || parser.packet.length <= limit()) return done;
    parser._emitError(new OversizedPacket(parser.packet.length, limit()));
    return false;
  };
}
