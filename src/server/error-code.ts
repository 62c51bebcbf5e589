/** An error's code, e.g. "ENOENT". Its text may hold a path or a secret. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}
