import { CodedError } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { ClipFiles, type ClipFilesDeps } from './clip-files.ts';

const CLIP = { caseNo: '20261123-0001', clipId: '0193580a-0000-7000-8000-000000000001', n: 1 };

/** A node that answers by path, with a notebook. */
function aNode(answers: Record<string, (() => Response)[]>) {
  const asked: string[] = [];
  let closed = 0;
  const percents: number[] = [];
  const deps: ClipFilesDeps = {
    grant: async (caseNo, clipId, { what, unmask }) => {
      asked.push(`grant ${what} ${caseNo}${unmask ? ` unmasked ${unmask.reason}` : ''}`);
      return { cameraId: clipId, token: 't', mediaUrl: 'http://node', expiresAt: 1 };
    },
    open: async () => ({ session: 'secret', mediaUrl: 'http://node', close: async () => void closed++ }),
    fetch: (async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url}`);
      expect(init.headers).toEqual({ authorization: 'Bearer secret' });
      const next = answers[`${init.method} ${url.replace('http://node/v1/clips/', '')}`]?.shift();
      if (!next) throw new TypeError('network');
      return next();
    }) as typeof fetch,
    wait: async () => undefined,
  };
  return { files: new ClipFiles(deps), asked, percents, closed: () => closed };
}
const json =
  (value: object, status = 200) =>
  () =>
    new Response(JSON.stringify(value), { status });

describe('a clip', () => {
  it('is looked at with a grant for looking, in a header and never in an address, and the session ends', async () => {
    const node = aNode({ [`GET ${CLIP.clipId}/1.mp4`]: [() => new Response('video')] });
    expect(await (await node.files.play(CLIP, () => undefined)).text()).toBe('video');
    expect(node.asked).toEqual([`grant play ${CLIP.caseNo}`, `GET http://node/v1/clips/${CLIP.clipId}/1.mp4`]);
    expect(node.closed()).toBe(1);
  });

  it('whose masks are being drawn is waited for', async () => {
    const path = `GET ${CLIP.clipId}/1.mp4`;
    const node = aNode({
      [path]: [json({ code: 'CLIP_NOT_READY' }, 409), json({ code: 'CLIP_NOT_READY' }, 409), () => new Response('masked')],
    });
    let waits = 0;
    expect(await (await node.files.play(CLIP, () => waits++)).text()).toBe('masked');
    expect(waits).toBe(2);
    expect(node.asked.filter((a) => a.startsWith('grant'))).toHaveLength(1);
  });

  it('without masks is asked for with the reason', async () => {
    const node = aNode({ [`GET ${CLIP.clipId}/1.mp4`]: [() => new Response('open')] });
    await node.files.play({ ...CLIP, unmask: { reason: 'danger', words: '呼救' } }, () => undefined);
    expect(node.asked[0]).toBe(`grant play ${CLIP.caseNo} unmasked danger`);
  });

  it('is exported with its progress told, and fetched when it is ready', async () => {
    const path = `${CLIP.clipId}/1/export`;
    const node = aNode({
      [`POST ${path}`]: [json({ state: 'running', percent: 0 }, 202)],
      [`GET ${path}`]: [json({ state: 'running', percent: 40 }), json({ state: 'ready', percent: 100 })],
      [`GET ${path}.mp4`]: [() => new Response('marked')],
    });
    const blob = await node.files.export(CLIP, (p) => node.percents.push(p));
    expect(await blob.text()).toBe('marked');
    expect(node.percents).toEqual([0, 40]);
  });

  it('that cannot be had says why with the node’s code, and the session ends all the same', async () => {
    const node = aNode({ [`GET ${CLIP.clipId}/1.mp4`]: [json({ code: 'CLIP_UNKNOWN' }, 404)] });
    await expect(node.files.play(CLIP, () => undefined)).rejects.toMatchObject({ code: 'CLIP_UNKNOWN' });
    await expect(node.files.play(CLIP, () => undefined)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(node.closed()).toBe(2);
    const failed = aNode({ [`POST ${CLIP.clipId}/1/export`]: [json({ state: 'failed', percent: 3, code: 'INTERNAL' })] });
    await expect(failed.files.export(CLIP, () => undefined)).rejects.toBeInstanceOf(CodedError);
  });
});
