import { expect, it } from 'vitest';
import type { Directory } from '../enrolment/directory.ts';
import { hashSecret } from '../enrolment/secrets.ts';
import { admit, type ConnectRequest, type DoorRules } from './door.ts';

const secretHash = hashSecret('right');
const box = (revoked: boolean) => ({ household: { boxId: 'x', name: '', address: '', phone: '', area: '522328' }, secretHash, revoked });
const directory: Directory = {
  boxes: new Map([
    ['box-1', box(false)],
    ['box-gone', box(true)],
    ['box', box(false)],
  ]),
  integrators: new Map(
    ['110', '110-fire', 'box', 'media'].map((name) => [
      name,
      { name, secretHash, mayCommand: true, maySeeHouseholds: false, maySeeSilent: false, areas: [], revoked: false },
    ]),
  ),
  mediaNodes: new Map([['m1', { node: 'm1', secretHash, revoked: false }]]),
  operators: new Map(),
  areas: new Map(),
};
const rules = { keepAliveMinS: 5, keepAliveMaxS: 300, boxSecrets: 'any' } as const;
const plain = { password: 'right', keepAliveS: 30, willTopic: undefined, tls: false, certificate: undefined };
const asks = (userName: string | undefined, clientId: string, more: Partial<ConnectRequest> = {}, hard: Partial<DoorRules> = {}) => {
  const result = admit(directory, { ...rules, ...hard }, { ...plain, userName, clientId, ...more });
  return result.ok ? (result.principal.kind === 'box' && result.principal.expired ? 'admitted, expired' : 'admitted') : result.code;
};

it.each<[string, string | undefined, string, Partial<ConnectRequest>, string]>([
  ['a box', 'box:box-1', 'box-1', {}, 'admitted'],
  ['a box with its will', 'box:box-1', 'box-1', { willTopic: 'sw/v1/box/box-1/status' }, 'admitted'],
  ['an integrator', 'integrator:110', '110-sub', {}, 'admitted'],
  ['a media node', 'media:m1', 'media-m1', {}, 'admitted'],
  ['a wrong secret', 'box:box-1', 'box-1', { password: 'wrong' }, 'BAD_CREDENTIALS'],
  ['no secret', 'box:box-1', 'box-1', { password: '' }, 'BAD_CREDENTIALS'],
  ['an unknown box', 'box:box-9', 'box-9', {}, 'BOX_UNKNOWN'],
  ['a box whose name is inherited by every object', 'box:constructor', 'constructor', {}, 'BOX_UNKNOWN'],
  ['a revoked box', 'box:box-gone', 'box-gone', {}, 'BOX_REVOKED'],
  ['a revoked box with a wrong secret', 'box:box-gone', 'box-gone', { password: 'wrong' }, 'BAD_CREDENTIALS'],
  ['nobody', undefined, 'x', {}, 'BAD_CREDENTIALS'],
  ['a name of no kind', 'box-1', 'box-1', {}, 'BAD_CREDENTIALS'],
  ['a box under another id', 'box:box-1', 'box-2', {}, 'NOT_ALLOWED'],
  ['a box without an id', 'box:box-1', '', {}, 'NOT_ALLOWED'],
  ['an integrator under a foreign id', 'integrator:110', 'sub-110', {}, 'NOT_ALLOWED'],
  ['an integrator that would cut off a box', 'integrator:box', 'box-1', {}, 'NOT_ALLOWED'],
  ['an integrator whose name begins with another’s', 'integrator:110-fire', '110-fire-1', {}, 'admitted'],
  ['an integrator that would cut off one whose name begins with its own', 'integrator:110', '110-fire', {}, 'NOT_ALLOWED'],
  ['an integrator that would cut off a media node', 'integrator:media', 'media-m1', {}, 'NOT_ALLOWED'],
  ['no keep-alive', 'box:box-1', 'box-1', { keepAliveS: 0 }, 'NOT_ALLOWED'],
  ['too short a keep-alive', 'box:box-1', 'box-1', { keepAliveS: 4 }, 'NOT_ALLOWED'],
  ['too long a keep-alive', 'box:box-1', 'box-1', { keepAliveS: 301 }, 'NOT_ALLOWED'],
  ['an alarm as a will', 'box:box-1', 'box-1', { willTopic: 'sw/v1/box/box-1/up/alarm' }, 'NOT_ALLOWED'],
  ['an integrator with a will', 'integrator:110', '110', { willTopic: 'sw/v1/case/20260101-0001/command' }, 'NOT_ALLOWED'],
])('%s', (_what, userName, clientId, more, result) => {
  expect(asks(userName, clientId, more)).toBe(result);
});

const ofBox = (boxId: string, expiredAt?: number) => ({ ok: true as const, boxId, serial: '01', expiredAt });
it.each<[string, string, Partial<ConnectRequest>, Partial<DoorRules>, string]>([
  ['its certificate and no secret', 'box-1', { tls: true, password: '', certificate: ofBox('box-1') }, {}, 'admitted'],
  ['its expired certificate', 'box-1', { tls: true, password: '', certificate: ofBox('box-1', 1) }, {}, 'admitted, expired'],
  ['another box’s certificate', 'box-1', { tls: true, password: '', certificate: ofBox('box') }, {}, 'CERT_INVALID'],
  ['another box’s certificate and its own secret', 'box-1', { tls: true, certificate: ofBox('box') }, {}, 'CERT_INVALID'],
  [
    'a worthless certificate and the right secret',
    'box-1',
    { tls: true, certificate: { ok: false, code: 'CERT_INVALID', reason: 'self-signed' } },
    {},
    'CERT_INVALID',
  ],
  ['a good certificate, but the box is revoked', 'box-gone', { tls: true, certificate: ofBox('box-gone') }, {}, 'BOX_REVOKED'],
  ['a secret over TLS where certificates are wanted', 'box-1', { tls: true }, { boxSecrets: 'none' }, 'BAD_CREDENTIALS'],
  ['a secret without TLS where TLS is wanted', 'box-1', {}, { boxSecrets: 'tls' }, 'BAD_CREDENTIALS'],
  ['a secret over TLS where TLS is wanted', 'box-1', { tls: true }, { boxSecrets: 'tls' }, 'admitted'],
])('a box with %s', (_what, boxId, more, hard, result) => {
  expect(asks(`box:${boxId}`, boxId, more, hard)).toBe(result);
});

it('the rule for boxes’ secrets does not concern the others', () => {
  expect(asks('integrator:110', '110', {}, { boxSecrets: 'none' })).toBe('admitted');
});
