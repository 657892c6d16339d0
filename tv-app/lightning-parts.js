/**
 * As much of Lightning as the page draws with: its package hands out everything in one object, with all its shaders and components. Vite
 * puts this in its place (vite.config.ts); types and tests see the package itself.
 */
import Application from '../node_modules/@lightningjs/core/dist/src/application/Application.mjs';
import StaticCanvasTexture from '../node_modules/@lightningjs/core/dist/src/textures/StaticCanvasTexture.mjs';
import TextTokenizer from '../node_modules/@lightningjs/core/dist/src/textures/TextTokenizer.js';
import Tools from '../node_modules/@lightningjs/core/dist/src/tools/Tools.mjs';

export { TextTokenizer };
export default { Application, Tools, textures: { StaticCanvasTexture } };
