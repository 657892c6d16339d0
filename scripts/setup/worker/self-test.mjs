/**
 * Proves a mediasoup-worker: it starts, two of its WebRTC transports do a real DTLS handshake with each other, and media goes
 * from one to the other through SRTP. Both are ICE-lite, so that this script stands between them: it nominates the pairs and
 * passes their datagrams on, without being able to read them.
 *
 *   node self-test.mjs /path/to/mediasoup-worker
 *
 * Exit code 0 and one line on stdout; otherwise 1 and the reason on stderr. Runs under the provisioned Node (mediasoup asks for it).
 */
import dgram from 'node:dgram';
import { once } from 'node:events';
import process from 'node:process';
import { createWorker } from 'mediasoup';
import { bindingRequest, isBindingSuccess, isStun } from './stun.mjs';

const START_LIMIT_MS = 10_000;
const MEDIA_LIMIT_MS = 15_000;
const PACKETS = 20;
const OPUS = /** @type {const} */ ({ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: 100 });

/** @typedef {import('mediasoup').types.WebRtcTransport} WebRtcTransport */

const startedAt = performance.now();
/** @type {import('mediasoup').types.Worker | undefined} */
let worker;
/** How, where it did. */
let death = '';
/** @type {dgram.Socket[]} */
const sockets = [];
try {
  const workerBin = process.argv[2];
  if (!workerBin) throw new Error('give the path of a mediasoup-worker');
  worker = await within(
    START_LIMIT_MS,
    'the worker did not say that it runs (another version than the mediasoup package?)',
    start(workerBin),
  );
  const packets = await within(MEDIA_LIMIT_MS, 'no media came through the DTLS transports', passMedia(worker));
  console.log(`DTLS handshake and ${packets} SRTP packets in ${Math.round(performance.now() - startedAt)} ms`);
} catch (error) {
  console.error(worker?.died ? `the worker died ${death}` : error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  worker?.close();
  for (const socket of sockets) socket.close();
}
// A worker that never answered is not known to `worker`; mediasoup ends it when its channel closes with this process.
process.exit();

/** @param {string} workerBin */
function start(workerBin) {
  return createWorker({ workerBin, logLevel: 'error' });
}

/**
 * DirectTransport → router → `sender` → (DTLS, SRTP) → `receiver` → router → DirectTransport.
 * @param {import('mediasoup').types.Worker} running
 */
async function passMedia(running) {
  const died = once(running, 'died').then(([error]) => {
    death = error.message;
    throw error;
  });
  died.catch(() => undefined);
  const router = await running.createRouter({ mediaCodecs: [OPUS] });
  const listenInfos = [{ protocol: /** @type {const} */ ('udp'), ip: '127.0.0.1' }];
  const [source, sender, receiver, sink] = await Promise.all([
    router.createDirectTransport(),
    router.createWebRtcTransport({ listenInfos }),
    router.createWebRtcTransport({ listenInfos }),
    router.createDirectTransport(),
  ]);
  await Promise.race([died, join(sender, receiver)]);

  const rtpParameters = {
    codecs: [{ mimeType: OPUS.mimeType, payloadType: 100, clockRate: OPUS.clockRate, channels: OPUS.channels }],
    encodings: [{ ssrc: 1111 }],
  };
  const produced = await source.produce({ kind: 'audio', rtpParameters });
  const { rtpCapabilities } = router;
  const sent = await sender.consume({ producerId: produced.id, rtpCapabilities });
  const received = await receiver.produce({
    kind: 'audio',
    rtpParameters: { codecs: sent.rtpParameters.codecs, encodings: [{ ssrc: sent.rtpParameters.encodings?.[0]?.ssrc ?? 0 }] },
  });
  const arrived = await sink.consume({ producerId: received.id, rtpCapabilities });

  let seen = 0;
  const enough = new Promise((resolve) => {
    arrived.on('rtp', (packet) => {
      if (!packet.subarray(-4).equals(Buffer.from('good'))) return;
      seen += 1;
      if (seen === PACKETS) resolve(undefined);
    });
  });
  let sequence = 0;
  const pump = setInterval(() => produced.send(rtpPacket(sequence++)), 5);
  try {
    await Promise.race([enough, died]);
  } finally {
    clearInterval(pump);
  }
  return seen;
}

/**
 * Nominates both pairs, then lets the two sides shake hands through two relayed sockets.
 * @param {WebRtcTransport} sender @param {WebRtcTransport} receiver
 */
async function join(sender, receiver) {
  const [toSender, toReceiver] = await Promise.all([nominate(sender), nominate(receiver)]);
  relay(toSender, toReceiver);
  relay(toReceiver, toSender);
  const both = Promise.all([dtlsConnected(sender), dtlsConnected(receiver)]);
  await Promise.all([
    receiver.connect({ dtlsParameters: { ...sender.dtlsParameters, role: 'client' } }),
    sender.connect({ dtlsParameters: { ...receiver.dtlsParameters, role: 'server' } }),
  ]);
  await both;
}

/** @param {WebRtcTransport} transport */
async function nominate(transport) {
  const socket = dgram.createSocket('udp4');
  sockets.push(socket);
  const candidate = transport.iceCandidates[0];
  if (!candidate) throw new Error('the transport has no ICE candidate');
  socket.connect(candidate.port, candidate.address);
  await once(socket, 'connect');
  const answered = new Promise((resolve) => {
    socket.on('message', (data) => isBindingSuccess(data) && resolve(undefined));
  });
  const again = setInterval(() => socket.send(bindingRequest(transport.iceParameters)), 200);
  socket.send(bindingRequest(transport.iceParameters));
  try {
    await answered;
  } finally {
    clearInterval(again);
  }
  return socket;
}

/** @param {dgram.Socket} from @param {dgram.Socket} to */
function relay(from, to) {
  from.on('message', (data) => {
    if (!isStun(data)) to.send(data);
  });
}

/** @param {WebRtcTransport} transport */
function dtlsConnected(transport) {
  return new Promise((resolve, reject) => {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') resolve(undefined);
      if (state === 'failed' || state === 'closed') reject(new Error(`the DTLS handshake ended as "${state}"`));
    });
  });
}

/** An RTP packet (RFC 3550, 5.1) whose payload ends in a mark that must survive. @param {number} sequence */
function rtpPacket(sequence) {
  const packet = Buffer.alloc(12 + 40);
  packet[0] = 0x80;
  packet[1] = 100;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(1111, 8);
  packet.write('good', packet.length - 4);
  return packet;
}

/** @template T @param {number} ms @param {string} otherwise @param {Promise<T>} promise @returns {Promise<T>} */
function within(ms, otherwise, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
