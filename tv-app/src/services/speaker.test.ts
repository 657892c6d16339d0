import { expect, it } from 'vitest';
import { alarmWith, FACTS, stateWith, T0 } from '../testing/states.ts';
import { Television } from '../testing/television.ts';
import { speak } from '../words.ts';
import { createSpeaker } from './speaker.ts';
import { VoiceOver } from './voice-over.ts';

class Utterance {
  lang = '';
  rate = 1;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function world(phrases = {}) {
  const heard: string[] = [];
  const speaker = createSpeaker({
    phrases,
    dialects: ['local', 'mandarin'],
    play: (file) => {
      heard.push(`file:${file}`);
      return () => heard.push('stop');
    },
    synthesis: { speak: (u) => heard.push(`${u.lang}:${u.text}`), cancel: () => {} },
    Utterance: Utterance as unknown as typeof SpeechSynthesisUtterance,
  });
  return { heard, speaker };
}

it('a recording comes first, the dialect before Mandarin; what has none is spoken', () => {
  const { heard, speaker } = world({
    local: { 'truth.sent': 'l/sent.mp3' },
    mandarin: { 'truth.sent': 'm/sent.mp3', 'truth.stored': 'm/stored.mp3' },
  });
  speaker.say('truth.sent', '已发出', 'zh');
  speaker.say('truth.stored', '已记下', 'zh');
  speaker.say('truth.received', '中心已收到', 'zh');
  speaker.say('truth.sent', 'Sent', 'en');
  expect(heard).toEqual(['file:l/sent.mp3', 'stop', 'file:m/stored.mp3', 'stop', 'zh-CN:中心已收到', 'en:Sent']);
});

it('a notice is read in the language in which it is written, whatever the screen’s is', () => {
  const { heard, speaker } = world();
  speak('en');
  new VoiceOver(speaker).read('周五停水。8:00 起');
  speak('zh');
  new VoiceOver(speaker).read('No water. From 8:00');
  expect(heard).toEqual(['zh-CN:周五停水。8:00 起', 'en:No water. From 8:00']);
});

it('with recordings alone phrases can be heard, but no other text', () => {
  const recorded = createSpeaker({ phrases: { local: { 'truth.sent': 'l/sent.mp3' } }, dialects: ['local'], play: () => () => {} });
  expect([recorded.speaks, recorded.reads]).toEqual([true, false]);
  expect(world().speaker.reads).toBe(true);
});

it('a box that can do neither says so', () => {
  expect(createSpeaker({ phrases: {}, dialects: [] }).speaks).toBe(false);
});

it('every step of an alarm is said once, when it is true; nothing where the family wants it quiet', async () => {
  const { heard, speaker } = world();
  const voice = new VoiceOver(speaker);
  const tv = await new Television({ ...stateWith(), now: T0 }).turnsOn();
  voice.follow(tv.view, true);
  for (const facts of [FACTS.stored, FACTS.received, FACTS.signed]) {
    tv.bridge.pushes(stateWith({ alarm: alarmWith(facts) }));
    await tv.clock.passes(600);
    voice.follow(tv.view, true);
    voice.follow(tv.view, true);
  }
  tv.bridge.pushes(stateWith({ alarm: alarmWith(FACTS.handling) }));
  await tv.clock.passes(600);
  voice.follow(tv.view, false);
  tv.app.close();
  expect(heard).toEqual(['zh-CN:已记下', 'zh-CN:中心已收到，等待值班员', 'zh-CN:值班员看到了']);
});
