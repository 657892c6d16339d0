/** What one connection to a camera brings: packets of its media → pictures and sound on one line of time. */
import type { Clock } from '../lib/clock.ts';
import type { AudioTrack, SourceCounters, SourceListener } from './access-unit.ts';
import { AudioDepacketiser, type RawSound } from './audio/depacketiser.ts';
import { SoundLine, type VideoMoment } from './rtp/sound-line.ts';
import { Timeline } from './rtp/timeline.ts';
import type { AudioMedia, Description, VideoMedia } from './rtsp/sdp.ts';
import type { MediaKind } from './rtsp/session.ts';
import { StreamReceiver } from './stream-receiver.ts';
import { Assembler } from './video/assembler.ts';
import { VideoDepacketiser } from './video/depacketiser.ts';

export interface RtspMediaOptions {
  description: Description;
  udp: boolean;
  clock: Clock;
  counters: SourceCounters;
  listener: Pick<SourceListener, 'onTrack' | 'onPicture' | 'onAudioTrack' | 'onAudio'>;
  nextRun: () => number;
  onGoodbye: () => void;
}

export class RtspMedia {
  readonly #o: RtspMediaOptions;
  readonly #receivers = new Map<MediaKind, StreamReceiver>();
  readonly #videoTime: Timeline;
  readonly #video: VideoDepacketiser;
  #picture: VideoMoment | undefined;

  constructor(options: RtspMediaOptions) {
    this.#o = options;
    const { video, audio } = options.description;
    this.#videoTime = new Timeline(video.clockRate);
    this.#video = this.#openVideo(video);
    if (audio) this.#openAudio(audio);
  }

  rtp(kind: MediaKind, bytes: Buffer): void {
    const { counters } = this.#o;
    counters.bytes += bytes.length;
    if (kind === 'video') counters.packets++;
    this.#receivers.get(kind)?.rtp(bytes);
  }

  rtcp(kind: MediaKind, bytes: Buffer): void {
    this.#receivers.get(kind)?.rtcp(bytes);
  }

  /** Bytes that stood where a packet should have been. */
  garbage(): void {
    this.#video.pushGarbage();
  }

  /** Receiver reports to send. */
  reports(): { kind: MediaKind; bytes: Buffer }[] {
    return [...this.#receivers].flatMap(([kind, receiver]) => {
      const bytes = receiver.report();
      return bytes ? [{ kind, bytes }] : [];
    });
  }

  close(): void {
    for (const r of this.#receivers.values()) r.close();
  }

  #openVideo({ format, parameterSets, payloadType, clockRate }: VideoMedia): VideoDepacketiser {
    const { clock, counters, listener, nextRun, udp, onGoodbye } = this.#o;
    const timeline = this.#videoTime;
    const assembler = new Assembler({ format, counters, listener, timeline, parameterSets, nextRun });
    const depacketiser = new VideoDepacketiser(format, counters, (raw) => {
      const moment = assembler.push(raw, clock.now());
      if (moment) this.#picture = { ...moment, timestamp: raw.timestamp };
    });
    const receiver = new StreamReceiver({
      payloadType,
      clockRate,
      clock,
      udp,
      events: {
        onPacket: (packet, arrivedAt) => depacketiser.push(packet, arrivedAt),
        onGarbage: () => depacketiser.pushGarbage(),
        onRestart: () => {
          this.#picture = undefined;
          assembler.restart();
          depacketiser.restart();
        },
        onReport: (report) => timeline.sawReport(report),
        onGoodbye,
      },
    });
    this.#receivers.set('video', receiver);
    return depacketiser;
  }

  #openAudio({ format, layout, payloadType, clockRate }: AudioMedia): void {
    const { clock, listener, nextRun, udp } = this.#o;
    const { codec, sampleRate, channels, config } = format;
    const timeline = new Timeline(clockRate);
    const line = new SoundLine(this.#videoTime, timeline);
    // Sound that is lost or broken is heard, and says nothing of the pictures.
    const counters = { lost: 0, broken: 0 };
    const announced = (): AudioTrack => {
      const made = { codec, sampleRate, channels, config, run: nextRun() };
      listener.onAudioTrack?.(made);
      return made;
    };
    // Before the first frame: viewers are answered as soon as the pictures are described, and would get none.
    let track = announced();
    const emit = ({ data, timestamp, at }: RawSound) => {
      const own = { ...timeline.takes(timestamp, at), timestamp };
      // Before the first picture there is no line to lie on.
      if (!this.#picture) return;
      const { ticks, jumped } = line.place(own, this.#picture);
      if (jumped) track = announced();
      listener.onAudio?.({ data, ticks, pictureAt: own.pictureAt, arrivedAt: clock.now(), track });
    };
    const depacketiser = new AudioDepacketiser({ format, clockRate, counters, emit, ...(layout ? { layout } : {}) });
    const receiver = new StreamReceiver({
      payloadType,
      clockRate,
      clock,
      udp,
      events: {
        onPacket: (packet, arrivedAt) => depacketiser.push(packet, arrivedAt),
        onGarbage: () => {},
        onRestart: () => {
          timeline.restart();
          depacketiser.restart();
        },
        onReport: (report) => timeline.sawReport(report),
        onGoodbye: () => {},
      },
    });
    this.#receivers.set('audio', receiver);
  }
}
