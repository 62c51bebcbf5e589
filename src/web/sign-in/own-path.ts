/**
 * Where to go after signing in. Only a path of this page: an address from a link must not lead to another site, and
 * browsers read `//host` and `/\host` as one.
 * https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
 * @returns the start page for what is none
 */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/'
  // The URL parser drops tabs and line ends, and goes up at dots: what it makes of the path is what counts.
  const base = 'https://page.invalid'
  const url = URL.canParse(to, base) ? new URL(to, base) : null
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/'
  const [, first] = url.pathname.split('/')
  return first === 'sign-in' || first === 'api' ? '/' : `${url.pathname}${url.search}${url.hash}`
}
