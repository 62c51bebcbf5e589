/** Takes the place of `en-pages.ts` and `de-pages.ts` in the page to embed. */
export const enPages = {}
export const dePages = {}
