import { changhong } from './changhong.ts';
import { coship } from './coship.ts';
import { inspur } from './inspur.ts';
import { ipanel } from './ipanel.ts';
import { iptv } from './iptv.ts';
import type { Globals, Middleware } from './middleware.ts';
import { unknown } from './unknown.ts';

/** The most particular objects first; `unknown` takes the rest. */
export const MIDDLEWARES: readonly Middleware[] = [iptv, inspur, changhong, ipanel, coship, unknown];

/** Which middleware this page runs on. */
export function detect(globals: Globals): Middleware {
  return MIDDLEWARES.filter((m) => m.found(globals))[0] ?? unknown;
}
