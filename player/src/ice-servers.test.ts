import { expect, test } from 'vitest';
import { iceServersOf } from './ice-servers.ts';

test('an answer without servers names none', () => {
  expect(iceServersOf(null)).toEqual([]);
  expect(iceServersOf('')).toEqual([]);
  expect(iceServersOf('garbage, <, >; rel=')).toEqual([]);
});

test('STUN and TURN are taken with their credentials, other links are not', () => {
  const link = [
    '<stun:stun.example.net>; rel="ice-server"',
    '<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; credential-type="password"',
    '</style.css>; rel=preload',
    '<turns:turn.example.net>; Rel=ice-server; username=u; credential="a,b;c=\\"d"',
  ].join(', ');
  expect(iceServersOf(link)).toEqual([
    { urls: 'stun:stun.example.net' },
    { urls: 'turn:turn.example.net?transport=udp', username: 'user', credential: 'myPassword' },
    { urls: 'turns:turn.example.net', username: 'u', credential: 'a,b;c="d' },
  ]);
});

test('what a browser would refuse, and the others with it, is left out', () => {
  const link = [
    '<turn:turn.example.net>; rel="ice-server"',
    '<https://turn.example.net>; rel="ice-server"',
    '<turn:turn.example.net>; rel="ice-server"; username="u"; credential="c"; credential-type="oauth"',
    '<stun:stun.example.net>; rel="next ice-server"',
  ].join(',');
  expect(iceServersOf(link)).toEqual([{ urls: 'stun:stun.example.net' }]);
});
