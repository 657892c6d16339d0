/** The boxes' certificates over HTTP. */
import { type AuthorityView, adminPaths, type BoxCertificate, CodedError } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import { uuid7 } from '../ids.ts';
import type { Certificates } from '../pki/certificates.ts';
import type { AdminContext, WhoAsks } from './context.ts';

type ById = { Params: { boxId: string } };

export function certificateRoutes(app: FastifyInstance, ctx: AdminContext, whoAsks: WhoAsks): void {
  const certificates = (): Certificates => {
    if (!ctx.certificates) throw new CodedError('NOT_FOUND', 'this centre signs no certificates: mqtt.tls.enabled is false');
    return ctx.certificates;
  };

  app.get(adminPaths.authority, async (request): Promise<AuthorityView> => {
    whoAsks(request);
    const { pin, pem } = certificates().authority;
    return { pin, certificate: pem };
  });

  app.post<ById>(adminPaths.boxCertificate(':boxId'), async (request): Promise<BoxCertificate> => {
    const by = whoAsks(request);
    const { boxId } = request.params;
    const { csr, keepEarlier = false } = validate('CertificateWanted', request.body);
    const issued = await certificates().issue(boxId, csr, by, keepEarlier ? uuid7(ctx.clock.now()) : undefined);
    // Whoever is connected came with what is refused from now on.
    if (!keepEarlier) ctx.cut(boxId);
    return { boxId, ...issued };
  });
}
