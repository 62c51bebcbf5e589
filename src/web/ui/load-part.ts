/** What was wanted of the page and did not come. */
interface Missing {
  /** The server has another version of the page now, without these parts. */
  outdated: boolean
}

class MissingParts {
  readonly #listeners = new Set<() => void>()
  readonly #wanted = new Set<() => void>()
  #state: Missing | null = null

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly state = (): Missing | null => this.#state

  async add(attempt: () => void): Promise<void> {
    this.#wanted.add(attempt)
    this.#set({ outdated: false })
    if ((await isOutdated()) && this.#state) this.#set({ outdated: true })
  }

  readonly dismiss = (): void => {
    this.#wanted.clear()
    this.#set(null)
  }

  readonly retry = (): void => {
    const attempts = [...this.#wanted]
    this.dismiss()
    for (const attempt of attempts) attempt()
  }

  #set(state: Missing | null): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

export const missingParts = new MissingParts()

/**
 * Loads a part of the page that a person wants. If it does not come, the page tells, and offers to try again. All else
 * goes on, a console's line among it.
 * @param use gets the part, also if only a later try brings it
 * @param failed called each time it did not come
 */
export function loadPart<T>(load: () => Promise<T>, use: (part: T) => void, failed = () => {}): void {
  const attempt = async () => {
    let part: T
    try {
      await stylesAgain()
      part = await load()
    } catch {
      failed()
      return void missingParts.add(attempt)
    }
    use(part)
  }
  void attempt()
}

/** Chromium asks again for a script that did not come (measured with 156). For a style nobody would. */
async function stylesAgain(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')]
  const came = new Set(links.flatMap(({ sheet, href }) => (sheet ? href : [])))
  const missing = new Set(links.map(({ href }) => href).filter((href) => !came.has(href)))
  await Promise.all(
    [...missing].map(
      (href) =>
        new Promise((onload, onerror) => {
          const again = { rel: 'stylesheet', crossOrigin: '', href, onload, onerror }
          document.head.append(Object.assign(document.createElement('link'), again))
        }),
    ),
  )
}

/** Each version's scripts have other names. */
async function isOutdated(): Promise<boolean> {
  const entry = document.querySelector('script[type=module]')?.getAttribute('src')
  try {
    const page = await fetch(location.pathname, { cache: 'no-store' })
    return page.ok && !!entry && !(await page.text()).includes(entry)
  } catch {
    return false
  }
}
