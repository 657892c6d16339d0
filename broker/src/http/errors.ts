/** Every error leaves as a code of the table, whatever raised it; our own faults are logged. */
import { asCoded, CodedError } from '@shouwang/protocol';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { EXPECTED, sendError } from './context.ts';

/** Installs the error handler of a server. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.code === undefined && (error as { statusCode?: number }).statusCode === 404)
      return sendError(reply, new CodedError('NOT_FOUND'));
    const coded = codedOf(error);
    if (coded.code === 'INTERNAL') log.error({ err: error, url: request.url }, 'request failed');
    else if (!EXPECTED.has(coded.code))
      log.info({ code: coded.code, detail: coded.detail, method: request.method, path: request.url.split('?')[0] }, 'request refused');
    return sendError(reply, coded);
  });
}

/** Fastify's own errors as codes of our table. */
function codedOf(error: FastifyError): CodedError {
  if (error.statusCode === 413) return new CodedError('TOO_LARGE');
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new CodedError('BAD_JSON');
  if (!(error instanceof CodedError) && error.statusCode !== undefined && error.statusCode < 500)
    return new CodedError('BAD_PAYLOAD', error.message);
  return asCoded(error);
}
