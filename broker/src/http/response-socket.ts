/** An HTTP response as the live feed's connection. */
import type { ServerResponse } from 'node:http';
import type { FeedSocket } from '../live-feed/feed-client.ts';

/** Wraps a response whose headers were sent. */
export function feedSocketOf(response: ServerResponse): FeedSocket {
  return {
    write: (text) => void response.write(text),
    buffered: () => response.writableLength,
    onceDrained(run) {
      let done = false;
      const once = (): void => {
        if (done) return;
        done = true;
        response.off('drain', once);
        response.off('close', once);
        run();
      };
      if (response.destroyed || !response.writableNeedDrain) return once();
      response.once('drain', once);
      response.once('close', once);
    },
    onClose: (run) => void response.once('close', run),
    destroy: () => void response.destroy(),
  };
}
