/** JSON-RPC 2.0 as the TV link speaks it: one call a message, params by name, errors with the coded error as `data`. */
import { asCoded, CodedError, type TvCallName, type TvCallParams, TvCalls, type TvResponse } from '@shouwang/protocol';
import { type SchemaName, validate } from '@shouwang/protocol/validators';
import type { Logger } from 'pino';

export type TvHandlers = { [N in TvCallName]: (params: TvCallParams<N>) => unknown };

/** JSON-RPC 2.0 §5.1. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
/** Ours, in the range for implementations: `data.code` says what it is. */
const CALL_FAILED = -32000;

/** Answers one message. Never throws. */
export async function answer(text: string, handlers: TvHandlers, log: Logger): Promise<TvResponse> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return failure(null, PARSE_ERROR, new CodedError('BAD_JSON'));
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return failure(null, INVALID_REQUEST, new CodedError('BAD_PAYLOAD', 'one JSON-RPC call is expected'));
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id))
    return failure(null, INVALID_REQUEST, new CodedError('BAD_PAYLOAD', '/id: an integer'));
  if (jsonrpc !== '2.0' || typeof method !== 'string')
    return failure(id, INVALID_REQUEST, new CodedError('BAD_PAYLOAD', 'jsonrpc "2.0" and a method are expected'));
  if (!Object.hasOwn(TvCalls, method)) return failure(id, METHOD_NOT_FOUND, new CodedError('NOT_FOUND', 'no such method'));
  const name = method as TvCallName;
  let checked: never;
  try {
    checked = validate(schemaOf(name), params ?? {}) as never;
  } catch (error) {
    return failure(id, INVALID_PARAMS, asCoded(error));
  }
  try {
    return { jsonrpc: '2.0', id, result: (await handlers[name](checked)) ?? null };
  } catch (error) {
    const coded = asCoded(error);
    if (coded.code === 'INTERNAL') log.error({ err: error, method }, 'a call of the TV page failed');
    return failure(id, CALL_FAILED, coded);
  }
}

function schemaOf(name: TvCallName): SchemaName {
  return `Tv${name.charAt(0).toUpperCase()}${name.slice(1)}` as SchemaName;
}

function failure(id: number | null, code: number, error: CodedError): TvResponse {
  const data = error.toBody();
  return { jsonrpc: '2.0', id, error: { code, message: data.message, data } };
}
