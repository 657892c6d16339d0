import { PLAYOUT_DELAY } from '@shouwang/protocol';
import { getSupportedRtpCapabilities } from 'mediasoup';
import { expect, test } from 'vitest';

test('the extension by which pictures ask to be shown at once has mediasoup’s number', () => {
  const known = getSupportedRtpCapabilities().headerExtensions?.filter((e) => e.kind === 'video' && e.uri === PLAYOUT_DELAY.uri);
  expect(known?.map((e) => [e.preferredId, e.direction])).toEqual([[PLAYOUT_DELAY.id, 'sendrecv']]);
});
