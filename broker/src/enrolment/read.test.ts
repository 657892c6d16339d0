import { expect, it } from 'vitest';
import { parseEnrolment } from './read.ts';

it.each([
  [
    'a secret that is too short',
    'boxes: [{ boxId: b, secret: hunter2, name: x, address: x, phone: x, area: "522328" }]',
    'boxes[0].secret',
  ],
  ['a secret of another type', 'integrators: [{ name: x, areas: [], secret: [hunter2] }]', 'integrators[0].secret'],
  ['a secret where an entry should be', 'mediaNodes: [hunter2]', 'mediaNodes[0]'],
  ['a password that is too short', 'operators: [{ user: x, name: y, post: z, password: hunter2 }]', 'operators[0].password'],
])('%s is named and not repeated: the line goes to a log', (_what, yaml, key) => {
  const error = () => parseEnrolment(yaml, 'enrolment.yaml');
  expect(error).toThrow(key);
  expect(error).not.toThrow('hunter2');
});
