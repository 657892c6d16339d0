/** What media nodes send: hello, their cameras, views and refusals for the ledger, their key, clips, faults. */
import { CodedError, type MediaUpKind } from '@shouwang/protocol';
import { checkKey } from '../evidence/node-key.ts';
import { sayRevokedAgain } from '../grants/revocations.ts';
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
      sayRevokedAgain(ctx, node);
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
    case 'key': {
      const key = readMessage('EvidenceKeyTold', payload).data;
      checkKey(key);
      await ctx.store.run('registerKey', { node, key, at });
      await ctx.clipDesk.nodeListens(node);
      return;
    }
    case 'clip': {
      const report = readMessage('ClipReported', payload).data;
      const cameraName = ctx.catalogue.get(report.cameraId)?.name ?? report.cameraId;
      await ctx.store.run('recordClip', { node, report, cameraName, at });
      return;
    }
    case 'faults': {
      const told = readMessage('MediaFaultsTold', payload).data;
      if (!ctx.catalogue.knows(node, told.faults)) await ctx.store.run('replaceFaults', { node, faults: told.faults, at });
      ctx.catalogue.told(node, told);
      return;
    }
    case 'view':
      await ctx.store.run('recordView', { node, view: readMessage('MediaView', payload).data, at });
      return;
    case 'refusal': {
      const { id, data } = readMessage('MediaRefusal', payload);
      await ctx.store.run('recordViewRefusal', { node, id, refusal: data, at });
    }
  }
}

/** Takes the catalogue over from the store. */
export async function reload(ctx: Pick<IntakeContext, 'store' | 'catalogue'>): Promise<void> {
  const { cameras, nodes } = await ctx.store.run('readCatalogue', undefined);
  ctx.catalogue.load(cameras, nodes);
}
