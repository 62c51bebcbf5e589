import { createHmac } from 'node:crypto'

/** An account as somebody typed it, see `accountOf`. */
export interface TypedAccount {
  domain: string
  user: string
  key: string
}

/**
 * What the audit log says of a typed name. People type passwords into the field for the name, so the log has a name only
 * once a sign-in with it went well. Any other has a mark: the same name always has the same one, so guesses at one
 * account are still seen as such.
 * https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude
 */
export class TypedNames {
  readonly #secret: Uint8Array
  readonly #max: number
  /** By the account's key, in the order of the last sign-in */
  readonly #proved = new Map<string, string>()

  constructor({ secret, max = 20_000 }: { secret: Uint8Array; max?: number }) {
    this.#secret = secret
    this.#max = max
  }

  /** A sign-in with this name went well. @returns the name for the log */
  prove({ domain, user, key }: TypedAccount): string {
    const name = `${domain}/${user}`
    this.#proved.delete(key)
    this.#proved.set(key, name)
    const [oldest] = this.#proved.keys()
    if (this.#proved.size > this.#max && oldest !== undefined) this.#proved.delete(oldest)
    return name
  }

  /** @returns the name for the log, if it is known to be one; else `name #` and 12 hexadecimal digits */
  tell({ key }: TypedAccount): string {
    return this.#proved.get(key) ?? `name #${this.#markOf(key)}`
  }

  #markOf(key: string): string {
    return createHmac('sha256', this.#secret).update('typed name').update(key).digest('hex').slice(0, 12)
  }
}
