/** The parsers of what strangers send. Each takes any bytes: it may refuse them by a coded error, and nothing else may come out of it. */

import { CodedError } from '@shouwang/protocol';
import { newCounters } from '../../media-server/src/ingest/access-unit.ts';
import { AudioDepacketiser } from '../../media-server/src/ingest/audio/depacketiser.ts';
import { readAudioConfig } from '../../media-server/src/ingest/audio/format.ts';
import { TsMedia } from '../../media-server/src/ingest/ffmpeg/ts-media.ts';
import { h264Format } from '../../media-server/src/ingest/h264/format.ts';
import { parseSps } from '../../media-server/src/ingest/h264/sps.ts';
import { h265Format } from '../../media-server/src/ingest/h265/format.ts';
import { codecString265, parseSps265 } from '../../media-server/src/ingest/h265/sps.ts';
import { readRtcp } from '../../media-server/src/ingest/rtp/rtcp.ts';
import { parseRtp } from '../../media-server/src/ingest/rtp/rtp.ts';
import { Timeline } from '../../media-server/src/ingest/rtp/timeline.ts';
import { Authoriser, readChallenges } from '../../media-server/src/ingest/rtsp/auth.ts';
import { RtspReader, RtspSyntaxError } from '../../media-server/src/ingest/rtsp/reader.ts';
import { readDescription } from '../../media-server/src/ingest/rtsp/sdp.ts';
import { readTransport } from '../../media-server/src/ingest/rtsp/transport.ts';
import { parseRtspUrl, redirected } from '../../media-server/src/ingest/rtsp/url.ts';
import { RtspMedia } from '../../media-server/src/ingest/rtsp-media.ts';
import { Assembler } from '../../media-server/src/ingest/video/assembler.ts';
import { VideoDepacketiser } from '../../media-server/src/ingest/video/depacketiser.ts';
import type { VideoFormat } from '../../media-server/src/ingest/video/format.ts';
import { ManualClock } from '../../media-server/src/testing/manual-clock.ts';
import { readOffer } from '../../media-server/src/viewers/whep/offer.ts';
import { readFragment } from '../../media-server/src/viewers/whep/sdp-fragment.ts';
import type { Random } from '../harness/random.ts';
import * as corpus from './corpus.ts';

/** What a parser made of an input. */
export interface Outcome {
  /** Things that it gave out. */
  things: number;
  /** Bytes in them. */
  bytes: number;
}

export interface Target {
  corpus: readonly Buffer[];
  /** Put into texts. */
  words: readonly string[];
  /** It makes one thing of several inputs. */
  inSequence?: boolean;
  /** A parser in its first state; called again and again, it keeps what it keeps. Throws what is a bug. */
  open(random: Random): (input: Buffer) => Outcome;
}

/** Things out for bytes in, over all inputs of one parser: more is work that a stranger gets for nothing. */
const MOST_THINGS_A_BYTE = 2;
const MOST_BYTES_A_BYTE = 16;
/** Whole pictures come out with the last of many inputs. */
const GIVEN = 8 * 1024 * 1024;

/** Holds the outcomes of one parser against what went in. Throws where more came out than the input can account for. */
export function budget(): (input: Buffer, outcome: Outcome) => void {
  let taken = 0;
  let things = 0;
  let bytes = 0;
  return (input, outcome) => {
    taken += input.length + 1;
    things += outcome.things;
    bytes += outcome.bytes;
    if (things > taken * MOST_THINGS_A_BYTE) throw new Error(`${things} things out of ${taken} bytes`);
    if (bytes > taken * MOST_BYTES_A_BYTE + GIVEN) throw new Error(`${bytes} bytes out of ${taken}`);
  };
}

const size = (...values: unknown[]): Outcome => ({ things: values.length, bytes: JSON.stringify(values)?.length ?? 0 });

/** Runs what may refuse; gives what came out. */
function refusing(run: () => Outcome, ...refusals: (abstract new (...args: never[]) => Error)[]): Outcome {
  try {
    return run();
  } catch (error) {
    if (refusals.some((r) => error instanceof r)) return { things: 0, bytes: 0 };
    throw error;
  }
}

/** A time of arrival that goes on, mostly. */
function arrivals(random: Random): () => number {
  let now = 1_790_000_000_000;
  return () => {
    now += random.chance(0.001) ? random.int(-100_000, 100_000) : random.int(0, 40);
    return now;
  };
}

/** Gives packets the numbers and times of one that sends, mostly: else nothing would ever fit together. */
function sender(random: Random): (input: Buffer) => Buffer {
  let sequence = 65_000;
  let timestamp = 2 ** 32 - 1_000_000;
  let ended = false;
  return (input) => {
    if (input.length < 12) return input;
    sequence = (sequence + 1) & 0xffff;
    if (ended) timestamp = (timestamp + 3600) >>> 0;
    ended = (input[1]! & 0x80) !== 0;
    if (random.chance(0.95)) input.writeUInt16BE(sequence, 2);
    if (random.chance(0.95)) input.writeUInt32BE(timestamp, 4);
    if (random.chance(0.95)) input.writeUInt32BE(0x1234, 8);
    return input;
  };
}

function video(format: VideoFormat, packets: readonly Buffer[]): Target {
  return {
    corpus: packets,
    words: [],
    inSequence: true,
    open(random) {
      let out: Outcome = { things: 0, bytes: 0 };
      let run = 0;
      const counters = newCounters();
      const now = arrivals(random);
      const follows = sender(random);
      const listener = {
        onTrack: () => out.things++,
        onPicture: (p: { bytes: number; ticks: number; pictureAt: number }) => {
          if (!Number.isFinite(p.ticks) || !Number.isFinite(p.pictureAt)) throw new Error(`a picture at ${p.ticks}, ${p.pictureAt}`);
          out.things++;
          out.bytes += p.bytes;
        },
      };
      const assembler = new Assembler({
        format,
        counters,
        listener,
        timeline: new Timeline(90_000),
        parameterSets: [],
        nextRun: () => ++run,
      });
      const depacketiser = new VideoDepacketiser(format, counters, (raw) => void assembler.push(raw, now()));
      return (input) => {
        out = { things: 0, bytes: 0 };
        const packet = parseRtp(follows(input));
        if (packet) depacketiser.push(packet, now());
        else depacketiser.pushGarbage();
        return out;
      };
    },
  };
}

const aac: Target = {
  corpus: corpus.AAC_PACKETS,
  words: [],
  inSequence: true,
  open(random) {
    const follows = sender(random);
    const out = { things: 0, bytes: 0 };
    const depacketiser = new AudioDepacketiser({
      format: readAudioConfig(Buffer.from('1190', 'hex'))!,
      clockRate: 48_000,
      counters: { lost: 0, broken: 0 },
      emit: ({ data }) => {
        out.things++;
        out.bytes += data.length;
      },
    });
    return (input) => {
      Object.assign(out, { things: 0, bytes: 0 });
      const packet = parseRtp(follows(input));
      if (packet) depacketiser.push(packet, 0);
      return out;
    };
  },
};

const rtp: Target = {
  corpus: corpus.RTP_PACKETS,
  words: [],
  open: () => (input) => {
    const packet = parseRtp(input);
    if (packet && packet.payload.length > input.length) throw new Error('a payload longer than its packet');
    return { things: packet ? 1 : 0, bytes: packet?.payload.length ?? 0 };
  },
};

/** Everything behind a connection, packets of both media and of both kinds mixed, over UDP. */
const media: Target = {
  corpus: [...corpus.H264_PACKETS, ...corpus.AAC_PACKETS, ...corpus.RTCP_PACKETS],
  words: [],
  inSequence: true,
  open(random) {
    let out: Outcome = { things: 0, bytes: 0 };
    let run = 0;
    const clock = new ManualClock();
    const follows = sender(random);
    const took = (bytes: number) => {
      out.things++;
      out.bytes += bytes;
    };
    const media = new RtspMedia({
      description: readDescription(corpus.CAMERA_SDPS[0]!.toString('utf8'), 'rtsp://192.0.2.1/live'),
      udp: true,
      clock,
      counters: newCounters(),
      listener: { onTrack: () => {}, onPicture: (p) => took(p.bytes), onAudio: (f) => took(f.data.length) },
      nextRun: () => ++run,
      onGoodbye: () => {},
    });
    return (input) => {
      out = { things: 0, bytes: 0 };
      const type = input[1] ?? 0;
      const [control, audio] = [type >= 200 && type <= 204, (type & 0x7f) === 97].map((is) => (random.chance(0.02) ? !is : is));
      if (control) media.rtcp(audio ? 'audio' : 'video', input);
      else media.rtp(audio ? 'audio' : 'video', follows(input));
      clock.passes(random.int(0, 20));
      if (random.chance(0.01)) media.reports();
      return out;
    };
  },
};

/** What ffmpeg makes of any other source. */
const transportStream: Target = {
  corpus: corpus.TS_PACKETS,
  words: [],
  inSequence: true,
  open(random) {
    let out: Outcome = { things: 0, bytes: 0 };
    let run = 0;
    const took = (bytes: number) => {
      out.things++;
      out.bytes += bytes;
    };
    const listener = {
      onTrack: () => {},
      onPicture: (p: { bytes: number }) => took(p.bytes),
      onAudio: (f: { data: Buffer }) => took(f.data.length),
    };
    const now = arrivals(random);
    const media = new TsMedia({ clock: { now, after: () => () => {} }, counters: newCounters(), listener, nextRun: () => ++run });
    return (input) => {
      out = { things: 0, bytes: 0 };
      // Packets stay in step, mostly.
      const whole = input.length > 188 && random.chance(0.9) ? input.subarray(0, 188) : input;
      return refusing(() => {
        media.push(whole);
        return out;
      }, CodedError);
    };
  },
};

const rtcp: Target = {
  corpus: corpus.RTCP_PACKETS,
  words: [],
  open: () => (input) => {
    const { report, goodbyes } = readRtcp(input);
    if (report && !Number.isFinite(report.ntpMs)) throw new Error('a report of no time');
    return { things: (report ? 1 : 0) + goodbyes.length, bytes: 0 };
  },
};

const rtsp: Target = {
  corpus: corpus.RTSP_STREAMS,
  words: corpus.RTSP_WORDS,
  open(random) {
    let out: Outcome = { things: 0, bytes: 0 };
    const home = parseRtspUrl('rtsp://user:secret@192.0.2.1/live');
    const begin = () => {
      const reader = new RtspReader({
        onMessage: ({ headers, body }) => {
          for (const challenge of readChallenges(headers.get('www-authenticate') ?? []))
            out.bytes += new Authoriser(challenge, home.credentials!, 'c').header('DESCRIBE', home.uri).length;
          readTransport(headers.get('transport')?.[0] ?? '');
          const elsewhere = redirected(home, headers.get('location')?.[0] ?? '');
          if (elsewhere?.credentials?.password === 'secret' && elsewhere.host !== home.host) throw new Error('the password goes elsewhere');
          out.things++;
          out.bytes += body.length;
        },
        onFrame: (_channel, bytes) => {
          out.things++;
          out.bytes += bytes.length;
        },
        onGarbage: () => out.things++,
      });
      reader.channels.add(0).add(1);
      return reader;
    };
    let reader = begin();
    return (input) => {
      out = { things: 0, bytes: 0 };
      try {
        // However the network splits it.
        for (let at = 0; at < input.length; ) {
          const end = at + (random.chance(0.5) ? input.length : random.int(1, 100));
          reader.push(input.subarray(at, end));
          at = end;
        }
      } catch (error) {
        if (!(error instanceof RtspSyntaxError)) throw error;
        reader = begin();
      }
      return out;
    };
  },
};

const sdp: Target = {
  corpus: corpus.CAMERA_SDPS,
  words: corpus.SDP_WORDS,
  open: () => (input) =>
    refusing(() => {
      const { video, audio, withoutSound } = readDescription(input.toString('utf8'), 'rtsp://192.0.2.1/live');
      return size(video, audio, withoutSound);
    }, CodedError),
};

const parameterSets: Target = {
  corpus: [...corpus.SPS_264, ...corpus.SPS_265],
  words: [],
  open: () => (input) => {
    if (input.length < 2) return { things: 0, bytes: 0 };
    const one = refusing(() => size(parseSps(input)), RangeError);
    const other = refusing(() => size(parseSps265(input), codecString265(input)), RangeError);
    return { things: (one.bytes > 0 ? 1 : 0) + (other.bytes > 0 ? 1 : 0), bytes: 0 };
  },
};

const whep: Target = {
  corpus: corpus.OFFERS,
  words: corpus.OFFER_WORDS,
  open: () => (input) => refusing(() => size(readOffer(input.toString('utf8'))), CodedError),
};

/** What a viewer says of its ICE after the offer. */
const iceFragment: Target = {
  corpus: corpus.ICE_FRAGMENTS,
  words: corpus.OFFER_WORDS,
  open: () => (input) => refusing(() => size(readFragment(input.toString('utf8'))), CodedError),
};

export const TARGETS: Readonly<Record<string, Target>> = {
  rtp,
  rtcp,
  rtsp,
  sdp,
  whep,
  'ice-fragment': iceFragment,
  h264: video(h264Format, corpus.H264_PACKETS),
  h265: video(h265Format, corpus.H265_PACKETS),
  aac,
  'parameter-sets': parameterSets,
  media,
  'transport-stream': transportStream,
};
