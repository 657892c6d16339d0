/**
 * What clients say is for the centre alone: no filter that anybody may subscribe to (`maySubscribe`) brings it to another client
 * (`mayReceive`). So aedes need not look for hearers; in a storm that search, for every alarm in vain, is a tenth of its work.
 */
import type { Aedes, Client, PublishPacket } from 'aedes';

type Done = (error?: Error) => void;
/** As aedes calls it: with the client that said it; without one, or null, it is the centre. */
type Publish = (packet: PublishPacket, client: Client | null | Done, done?: Done) => void;

/** From now on what a client says goes no further than its authorisation; but for a retained state, which aedes keeps. */
export function keepFromOthers(aedes: Aedes): void {
  const route = aedes.publish.bind(aedes) as Publish;
  const publish: Publish = (packet, client, done) => {
    if (!client || typeof client === 'function' || packet.retain) route(packet, client, done);
    else done?.();
  };
  aedes.publish = publish as Aedes['publish'];
}
