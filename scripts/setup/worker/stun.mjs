/**
 * The little of STUN (RFC 8489) and ICE (RFC 8445) that the worker's self-test and the simulated WebRTC viewers need: a Binding
 * request that a controlling agent sends to nominate a pair, and the answer to one. Pure.
 */
import { createHmac, randomBytes } from 'node:crypto';

const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const XOR_MAPPED_ADDRESS = 0x0020;
const PRIORITY = 0x0024;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const ICE_CONTROLLING = 0x802a;

/**
 * A nominating Binding request for an agent whose ICE credentials are given.
 * @param {{ usernameFragment: string, password: string }} remote
 * @param {string} [local] our own username fragment
 * @returns {Buffer}
 */
export function bindingRequest(remote, local = 'selftest') {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(BINDING_REQUEST, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  const attributes = [
    attribute(USERNAME, Buffer.from(`${remote.usernameFragment}:${local}`)),
    attribute(PRIORITY, Buffer.from([0x6e, 0x7f, 0xff, 0xff])),
    attribute(ICE_CONTROLLING, randomBytes(8)),
    attribute(USE_CANDIDATE, Buffer.alloc(0)),
  ];
  return sealed(header, attributes, remote.password);
}

/**
 * The answer to a Binding request over IPv4, with the password of the one who answers.
 * @param {Buffer} request
 * @param {{ address: string, port: number }} from
 * @param {string} password
 * @returns {Buffer}
 */
export function bindingSuccess(request, from, password) {
  const header = Buffer.from(request.subarray(0, 20));
  header.writeUInt16BE(BINDING_SUCCESS, 0);
  // RFC 8489, 14.2.
  const address = Buffer.alloc(8);
  address[1] = 1;
  address.writeUInt16BE(from.port ^ (MAGIC_COOKIE >>> 16), 2);
  address.writeUInt32BE((Buffer.from(from.address.split('.').map(Number)).readUInt32BE(0) ^ MAGIC_COOKIE) >>> 0, 4);
  return sealed(header, [attribute(XOR_MAPPED_ADDRESS, address)], password);
}

/**
 * RFC 8489, 14.5 and 14.7: each check covers what precedes it, with the length as if it were the last attribute.
 * @param {Buffer} header @param {Buffer[]} attributes @param {string} password
 */
function sealed(header, attributes, password) {
  const integrity = createHmac('sha1', password)
    .update(message(header, attributes, 24))
    .digest();
  const checked = [...attributes, attribute(MESSAGE_INTEGRITY, integrity)];
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(message(header, checked, 8)) ^ 0x5354554e) >>> 0);
  return message(header, [...checked, attribute(FINGERPRINT, fingerprint)], 0);
}

/** Whether a datagram is STUN and no DTLS or SRTP (RFC 7983, 7). @param {Buffer} data */
export function isStun(data) {
  return data.length >= 20 && data[0] !== undefined && data[0] <= 3;
}

/** @param {Buffer} data */
export function isBindingRequest(data) {
  return isStun(data) && data.readUInt16BE(0) === BINDING_REQUEST;
}

/** @param {Buffer} data */
export function isBindingSuccess(data) {
  return isStun(data) && data.readUInt16BE(0) === BINDING_SUCCESS;
}

/** @param {number} type @param {Buffer} value */
function attribute(type, value) {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

/** @param {Buffer} header @param {Buffer[]} attributes @param {number} toCome bytes that the length field already counts */
function message(header, attributes, toCome) {
  const out = Buffer.concat([header, ...attributes]);
  out.writeUInt16BE(out.length - 20 + toCome, 2);
  return out;
}

/** CRC-32 (ISO 3309); `zlib.crc32` only came with Node 20.15 and 22.2. @param {Buffer} data */
function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
