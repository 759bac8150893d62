// What draws texts (labs, pages of the help): a bundle of its own, dist/drawing.cjs, that a window loads when it first needs it,
// by lazy-drawing.ts.
export { pageHtml } from './editor/page-html.ts';
export { actionOf, actionsOf, renderPage } from './panel/render-page.ts';
