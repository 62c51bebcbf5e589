/** Takes the place of what the page to embed never says: `en-pages.ts`, `de-pages.ts` and `de-tools.ts`. */
export const enPages = {}
export const dePages = {}
export const deTools = {}
