/**
 * The path below which this page is served, such as `/console`. Empty: the root of its host. The server writes it into
 * the page's HTML. What names a path of this host puts it in front, and the router does so by itself.
 */
export const base = globalThis.document?.documentElement.dataset.base ?? ''
