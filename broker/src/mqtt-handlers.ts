/** What the MQTT broker in front asks of the rest of the centre. */
import { topicMatches, topics } from '@shouwang/protocol';
import type { Intake } from './intake/intake.ts';
import type { RefusedConnects } from './intake/refused-connects.ts';
import type { TooFast } from './intake/too-fast.ts';
import type { MqttHandlers } from './mqtt/server.ts';
import type { Notices } from './notices/notices.ts';

interface Behind {
  intake: Pick<Intake, 'receive'>;
  refusedConnects: Pick<RefusedConnects, 'record'>;
  tooFast: Pick<TooFast, 'record'>;
  notices: Pick<Notices, 'subscribed'>;
  /** What was published again at the start, once more to whoever `subscribed` to its topic. */
  replayAgain(subscribed: (topic: string) => boolean): void;
}

export function mqttHandlers({ intake, refusedConnects, tooFast, notices, replayAgain }: Behind): MqttHandlers {
  const heardReplay = new Set<string>();
  return {
    receive: (principal, topic, payload) => intake.receive(principal, topic, payload),
    refused: (refusal) => refusedConnects.record(refusal),
    tooFast: (principal, topic, payload) => tooFast.record(principal, topic, payload),
    subscribed: (principal, filters) => {
      const subscribed = (topic: string) => filters.some((f) => topicMatches(f, topic));
      if (principal.kind === 'box' && subscribed(topics.boxDown(principal.boxId, 'notices'))) notices.subscribed(principal.boxId);
      if (principal.kind !== 'integrator' || heardReplay.has(principal.name)) return;
      if (!filters.some((f) => f !== topics.integratorReply(principal.name))) return;
      heardReplay.add(principal.name);
      replayAgain(subscribed);
    },
  };
}
