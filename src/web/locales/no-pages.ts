/** Takes the place of what the page to embed never says: the files of `en-pages.ts`, and of the pages and tools of other languages. */
export const enPages = {}
export const dePages = {}
export const deTools = {}
export const zhPages = {}
export const zhTools = {}
