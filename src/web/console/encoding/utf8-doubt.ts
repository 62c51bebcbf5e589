/** So many bytes that are no UTF-8, in so much text, are not an accident on the line. Characters. */
const ENOUGH = 24
const TEXT = 16 * 1024

/** Watches a line that is read as UTF-8: whether it looks like another encoding. */
export class Utf8Doubt {
  #seen = 0
  #bad = 0
  #good = 0
  #told = false

  /** @param text what the decoder made of the next bytes @returns true once, when there is reason to ask a person */
  arises(text: string): boolean {
    if (this.#told) return false
    this.#seen += text.length
    // Almost no text has one, and looking for it costs next to nothing.
    if (text.includes('\ufffd')) this.#count(text)
    this.#told = this.#bad >= ENOUGH && this.#bad > this.#good
    if (this.#seen > TEXT) {
      this.#seen = 0
      this.#bad = 0
      this.#good = 0
    }
    return this.#told
  }

  #count(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 0xfffd) this.#bad += 1
      else if (code > 0x7f) this.#good += 1
    }
  }
}
