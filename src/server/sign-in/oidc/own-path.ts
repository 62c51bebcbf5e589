/**
 * A path of our page has printable ASCII, one slash at a time, no dot segments, and in the path part no slash,
 * backslash, dot, percent or control character behind a percent sign. This is stricter than the URL standard, because
 * browsers, proxies and routers read the rest differently: `/\evil`, `//evil` and `/.//evil` lead to another host.
 * https://url.spec.whatwg.org/#relative-slash-state,
 * https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html
 */
const plainPath = /^\/(?![/\\])(?:[\w\-.~!$&'()*+,;=:@/]|%(?!2[5ef]|5c|[01]|7f)[\da-f]{2})*$/i
const plainRest = /^(?:[?#][\w\-.~!$&'()*+,;=:@/?#[\]%]*)?$/

/** Longer ones would make the cookie that carries them too big. */
const MAX_LENGTH = 512

/** @returns the path to go to after signing in, if it is one of our page's; else the start page */
export function ownPath(to: string | undefined): string {
  if (to === undefined || to.length > MAX_LENGTH) return '/'
  const end = to.search(/[?#]/)
  const path = end < 0 ? to : to.slice(0, end)
  const rest = end < 0 ? '' : to.slice(end)
  if (!plainPath.test(path) || !plainRest.test(rest)) return '/'
  const segments = path.split('/').slice(1)
  if (
    segments.some(
      (segment, index) =>
        segment === '.' || segment === '..' || (segment === '' && index < segments.length - 1),
    )
  )
    return '/'
  // The API is not the page. After signing in, nobody wants the page that asks for it.
  return ['api', 'sign-in'].includes(segments[0]?.toLowerCase() ?? '') ? '/' : to
}
