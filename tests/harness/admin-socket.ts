/** The centre's admin socket, as its command line uses it. */
import { request } from 'node:http';

/** POST without a body; gives the parsed answer. Throws the answer's text when it is no 2xx. */
export function postToSocket<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method: 'POST' }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(text));
      });
    });
    call.on('error', reject);
    call.end();
  });
}
