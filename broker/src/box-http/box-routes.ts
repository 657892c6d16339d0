/** ④ The intake's HTTP door, for boxes that can run no daemon: the same messages, rules and answers as on MQTT. */
import { type BoxReports, boxPaths, CodedError, type Received, topics, UP_KINDS, type UpKind } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { readableIds, readJson } from '../intake/read-message.ts';
import { heldUntil } from '../mqtt/hold.ts';
import type { MqttHandlers } from '../mqtt/server.ts';
import type { Activation } from './activation.ts';
import type { BoxDoor } from './box-door.ts';
import type { Mailboxes } from './mailboxes.ts';

export interface BoxHttp {
  clock: Clock;
  door: BoxDoor;
  mailboxes: Mailboxes;
  activation: Activation;
  receive: MqttHandlers['receive'];
  /** For how many ms a message has to wait for its turn; undefined: it is one too many, and on the record. */
  turn(boxId: string, topic: string, payload: Buffer): number | undefined;
  /** The last alarms of a box. */
  reports(boxId: string): Promise<BoxReports>;
  /** How long an answer may wait for the commit, ms. */
  holdMs: number;
}

/** As on MQTT. */
const BODY_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export function boxRoutes(app: FastifyInstance, ctx: BoxHttp): void {
  // A scope of its own: bodies are bytes here, so that a dead letter keeps what really came.
  app.register(async (scope) => {
    scope.removeContentTypeParser(['application/json', 'text/plain']);
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => done(null, body));

    scope.post<{ Params: { kind: string } }>(boxPaths.up(':kind'), async (request, reply) => {
      const boxId = ctx.door.boxOf(request);
      return takeMessage(ctx, boxId, request.params.kind, bodyOf(request), reply);
    });

    scope.post(boxPaths.status, async (request, reply) => {
      const boxId = ctx.door.boxOf(request);
      await receive(ctx, boxId, topics.boxStatus(boxId), bodyOf(request));
      return reply.code(204).send();
    });

    scope.get(boxPaths.state, async (request, reply) => {
      const boxId = ctx.door.boxOf(request);
      const { after } = request.query as { after?: unknown };
      const gone = new Promise<void>((resolve) => reply.raw.once('close', resolve));
      return ctx.mailboxes.poll(boxId, typeof after === 'string' ? after.slice(0, 60) : '', gone);
    });

    scope.get(boxPaths.reports, async (request) => {
      const boxId = ctx.door.boxOf(request);
      await inTurn(ctx, boxId, boxPaths.reports, NOTHING);
      return heldUntil(ctx.clock, ctx.holdMs, () => ctx.reports(boxId));
    });

    scope.post(boxPaths.activate, async (request) => {
      const { code, reported } = validate('BoxActivation', readJson(bodyOf(request)));
      return ctx.activation.activate(code, reported, request.ip);
    });
  });
}

async function takeMessage(ctx: BoxHttp, boxId: string, kind: string, payload: Buffer, reply: FastifyReply): Promise<FastifyReply> {
  const heard = await ctx.mailboxes.during(boxId, () => receive(ctx, boxId, topics.boxUp(boxId, kind as UpKind), payload));
  // What the intake made of these is a dead letter; nobody could be answered by id.
  if (!(UP_KINDS as readonly string[]).includes(kind)) throw new CodedError('UNKNOWN_TOPIC');
  const { id } = readableIds(payload);
  if (id === undefined) throw new CodedError('BAD_PAYLOAD', 'no id can be read in it');
  const answer = heard.find((event) => {
    const data = event.data as Partial<Received['data']> & { requestId?: string };
    return (data.messageId ?? data.requestId) === id;
  });
  return answer ? reply.send(answer) : reply.code(202).send({});
}

/** Takes one message in its turn. Throws RATE_EXCEEDED, TIMEOUT, STORE_UNAVAILABLE. */
async function receive(ctx: BoxHttp, boxId: string, topic: string, payload: Buffer): Promise<void> {
  await inTurn(ctx, boxId, topic, payload);
  await heldUntil(ctx.clock, ctx.holdMs, () => ctx.receive({ kind: 'box', boxId }, topic, payload));
}

/** Throws RATE_EXCEEDED. */
async function inTurn(ctx: BoxHttp, boxId: string, topic: string, payload: Buffer): Promise<void> {
  const waitMs = ctx.turn(boxId, topic, payload);
  if (waitMs === undefined) throw new CodedError('RATE_EXCEEDED');
  if (waitMs > 0) await new Promise<void>((resolve) => ctx.clock.after(waitMs, resolve));
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : NOTHING;
}
