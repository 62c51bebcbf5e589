/**
 * Where to go after signing in. It is always a path of this site: a link must not lead to another one, and browsers take
 * `//host` and `/\host` for another one.
 * https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
 * @returns the start page when `to` is not such a path
 */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/'
  // The URL parser drops tabs and line ends and resolves dots, so the parsed path is the one to check.
  const base = 'https://page.invalid'
  const url = URL.canParse(to, base) ? new URL(to, base) : null
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/'
  const [, first] = url.pathname.split('/')
  return first === 'sign-in' || first === 'api' ? '/' : `${url.pathname}${url.search}${url.hash}`
}
