/** What media nodes send: hello, their cameras, views for the ledger. */
import { CodedError, type MediaUpKind } from '@shouwang/protocol';
import type { IntakeContext } from './context.ts';
import { readMessage } from './read-message.ts';

/** Takes one message. Resolves after the commit. */
export async function takeFromNode(ctx: IntakeContext, node: string, kind: MediaUpKind, payload: Buffer): Promise<void> {
  const at = ctx.clock.now();
  switch (kind) {
    case 'hello': {
      const { epoch, publicUrl } = readMessage('MediaHello', payload).data;
      await ctx.store.run('nodeStarted', { node, epoch, publicUrl, at });
      await reload(ctx);
      ctx.log.info({ node, publicUrl }, 'media node said hello');
      return;
    }
    case 'cameras': {
      const { cameras } = readMessage('MediaCameras', payload).data;
      const { taken } = await ctx.store.run('replaceCatalogue', { node, cameras });
      await reload(ctx);
      ctx.log.info({ node, cameras: cameras.length }, 'camera catalogue');
      if (taken.length > 0) throw new CodedError('BAD_PAYLOAD', `camera ids that another node uses, left out: ${taken.join(', ')}`);
      return;
    }
    case 'view':
      await ctx.store.run('recordView', { node, view: readMessage('MediaView', payload).data, at });
  }
}

/** Takes the catalogue over from the store. */
export async function reload(ctx: Pick<IntakeContext, 'store' | 'catalogue'>): Promise<void> {
  const { cameras, nodes } = await ctx.store.run('readCatalogue', undefined);
  ctx.catalogue.load(cameras, nodes);
}
