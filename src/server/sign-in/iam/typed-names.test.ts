import { describe, expect, it } from 'vitest'
import { accountOf } from './throttle.ts'
import { TypedNames } from './typed-names.ts'

const secret = new Uint8Array(32).fill(7)

function typed(domain: string, user: string) {
  const account = accountOf({ method: 'password', domain, user, password: 'not looked at' })
  if (!account) throw new Error('names no account')
  return account
}

describe('a typed name in the log', () => {
  it('is a mark until somebody signed in with it', () => {
    const names = new TypedNames({ secret })
    expect(names.tell(typed('acme', 'ann'))).toMatch(/^name #[0-9a-f]{12}$/)
    expect(names.prove(typed('acme', 'ann'))).toBe('acme/ann')
    expect(names.tell(typed('ACME', ' Ann '))).toBe('acme/ann')
  })

  it('has the same mark each time and after a restart, and another one elsewhere', () => {
    const mark = new TypedNames({ secret }).tell(typed('acme', 'hunter2'))
    expect(new TypedNames({ secret }).tell(typed('acme', 'Hunter2'))).toBe(mark)
    expect(new TypedNames({ secret }).tell(typed('acme', 'hunter3'))).not.toBe(mark)
    expect(new TypedNames({ secret: new Uint8Array(32) }).tell(typed('acme', 'hunter2'))).not.toBe(mark)
  })

  it('keeps a bounded number of names, those used last', () => {
    const names = new TypedNames({ secret, max: 2 })
    for (const user of ['ann', 'bob', 'ann', 'cy']) names.prove(typed('acme', user))
    expect(names.tell(typed('acme', 'ann'))).toBe('acme/ann')
    expect(names.tell(typed('acme', 'cy'))).toBe('acme/cy')
    expect(names.tell(typed('acme', 'bob'))).toMatch(/^name #/)
  })
})
