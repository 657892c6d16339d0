/** The command line's way to the running centre: HTTP over the Unix socket in its data folder. */
import { request } from 'node:http';
import { CodedError, type ErrorBody } from '@shouwang/protocol';
import { socketName } from './local-server.ts';

/** An error answer with its whole body: an import's names every bad line. */
export class AdminRefusal extends CodedError {
  readonly body: ErrorBody;
  constructor(body: ErrorBody) {
    super(body.code, body.detail ?? body.message);
    this.body = body;
  }
}

/** Asks the centre. `body`: an object as JSON, or bytes as CSV. Throws OFFLINE when it does not run, AdminRefusal when it refuses. */
export function askCentre<T>(socketPath: string, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const headers = bytes && { 'content-type': Buffer.isBuffer(body) ? 'text/csv' : 'application/json', 'content-length': bytes.length };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: socketName(socketPath), method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const value: unknown = text === '' ? undefined : JSON.parse(text);
        if ((answer.statusCode ?? 500) < 400) resolve(value as T);
        else reject(new AdminRefusal(value as ErrorBody));
      });
    });
    call.on('error', (cause: NodeJS.ErrnoException) =>
      reject(new CodedError('OFFLINE', `the centre does not run here: ${socketPath} (${cause.code ?? cause.message})`)),
    );
    call.end(bytes);
  });
}
