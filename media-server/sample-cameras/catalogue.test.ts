import { isValid } from '@shouwang/protocol/validators';
import { expect, it } from 'vitest';
import { sampleCatalogue } from './catalogue.ts';
import { SCENES } from './scenes/index.ts';

const HOUSEHOLD = { lat: 25.101, lon: 105.471 };

/** Haversine, m. */
function distance(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = (d: number) => (d * Math.PI) / 180;
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h));
}

it('lists six cameras at growing distances from the sample household', () => {
  const cameras = sampleCatalogue('rtsp://127.0.0.1:8554/');
  expect(cameras.map((c) => c.id)).toEqual(['gate', 'lane', 'square', 'clinic', 'school', 'river-road']);
  expect(cameras.map((c) => Math.round(distance(HOUSEHOLD, c.position) / 10) * 10)).toEqual([40, 90, 210, 380, 520, 800]);
  expect(cameras[0]).toMatchObject({ name: '大门口', url: 'rtsp://127.0.0.1:8554/gate', householdsOf: ['522328101201'] });
});

it('is a catalogue that the centre accepts', () => {
  const cameras = sampleCatalogue('rtsp://127.0.0.1:8554').map(({ url: _url, ...camera }) => camera);
  const message = {
    specversion: '1.0',
    id: '0192f0c1-2a3b-7c4d-8e5f-001122334455',
    type: 'cn.shouwang.media.cameras.v1',
    source: 'media/media-1',
    time: '2026-11-23T00:00:00.000Z',
    datacontenttype: 'application/json',
    data: { cameras },
  };
  expect(isValid('MediaCameras', message)).toBe(true);
});

it('has a scene for each', () => {
  expect(Object.keys(SCENES).sort()).toEqual(
    sampleCatalogue('rtsp://x')
      .map((c) => c.id)
      .sort(),
  );
});
