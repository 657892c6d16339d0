/**
 * Prints an integrator's command as one line of JSON, with a fresh id and the present time:
 * `npm run -s message -- sign POST` or `npm run -s message -- note TEXT`.
 */
import { v7 } from 'uuid';

const [command, text] = process.argv.slice(2);
if (!['sign', 'note'].includes(command ?? '') || !text) {
  console.error('usage: npm run -s message -- sign POST | note TEXT');
  process.exit(2);
}
console.log(
  JSON.stringify({
    specversion: '1.0',
    id: v7(),
    type: 'cn.shouwang.case.command.v1',
    source: 'integrator/110',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: command === 'sign' ? { command, post: text } : { command, text },
  }),
);
