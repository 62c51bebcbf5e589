/** A tty's line discipline with a history. It echoes the keys and hands over the finished line. */
export class LineEditor {
  #line: string[] = []
  #cursor = 0
  #escape = ''
  #history: string[] = []
  #at = 0
  #lastWasReturn = false

  constructor(
    readonly print: (text: string) => void,
    readonly onLine: (line: string) => void,
    readonly onControl: (key: 'c' | 'd') => void,
  ) {}

  /** True while a password is typed: nothing is echoed. */
  hidden = false

  clear(): void {
    this.#line = []
    this.#cursor = 0
    this.#escape = ''
  }

  type(text: string): void {
    for (const char of text) this.#key(char)
  }

  #key(char: string): void {
    const wasReturn = this.#lastWasReturn
    this.#lastWasReturn = char === '\r'
    if (this.#escape !== '' || char === '\x1b') {
      this.#escape += char
      // CSI and SS3 sequences end with a letter or a tilde.
      if (/^\x1b(?:[^[O]|[[O][0-9;]*[A-Za-z~])$/.test(this.#escape)) {
        const sequence = this.#escape
        this.#escape = ''
        this.#move(sequence)
      }
      return
    }
    switch (char) {
      case '\n':
        if (wasReturn) return
        this.#enter()
        return
      case '\r':
        this.#enter()
        return
      case '\x7f':
      case '\b':
        if (this.#cursor > 0)
          this.#replace(
            [...this.#line.slice(0, this.#cursor - 1), ...this.#line.slice(this.#cursor)],
            this.#cursor - 1,
          )
        return
      case '\x15':
        this.#replace(this.#line.slice(this.#cursor), 0)
        return
      case '\x17': {
        const kept = this.#line
          .slice(0, this.#cursor)
          .join('')
          .replace(/\S+\s*$/, '')
        this.#replace([...kept, ...this.#line.slice(this.#cursor)], [...kept].length)
        return
      }
      case '\x03':
        this.clear()
        this.onControl('c')
        return
      case '\x04':
        if (this.#line.length === 0) this.onControl('d')
        return
      default:
        if (char < ' ') return
        this.#replace(
          [...this.#line.slice(0, this.#cursor), char, ...this.#line.slice(this.#cursor)],
          this.#cursor + 1,
        )
    }
  }

  #enter(): void {
    const line = this.#line.join('')
    if (line.trim() !== '' && !this.hidden) this.#history.push(line)
    this.#at = this.#history.length
    this.clear()
    this.print('\r\n')
    this.onLine(line)
  }

  #move(sequence: string): void {
    const key = sequence.at(-1)
    if (key === 'A' || key === 'B') {
      this.#at = Math.min(this.#history.length, Math.max(0, this.#at + (key === 'A' ? -1 : 1)))
      const line = [...(this.#history[this.#at] ?? '')]
      this.#replace(line, line.length)
    } else if (key === 'C') this.#replace(this.#line, Math.min(this.#line.length, this.#cursor + 1))
    else if (key === 'D') this.#replace(this.#line, Math.max(0, this.#cursor - 1))
    else if (key === 'H' || sequence === '\x1b[1~') this.#replace(this.#line, 0)
    else if (key === 'F' || sequence === '\x1b[4~') this.#replace(this.#line, this.#line.length)
    else if (sequence === '\x1b[3~')
      this.#replace(
        [...this.#line.slice(0, this.#cursor), ...this.#line.slice(this.#cursor + 1)],
        this.#cursor,
      )
  }

  #replace(line: string[], cursor: number): void {
    const appended =
      cursor === line.length && line.length === this.#line.length + 1 && this.#cursor === this.#line.length
    if (!this.hidden) {
      if (appended) this.print(line.at(-1) ?? '')
      else {
        const back = this.#cursor > 0 ? `\x1b[${this.#cursor}D` : ''
        const forward = line.length - cursor > 0 ? `\x1b[${line.length - cursor}D` : ''
        this.print(`${back}${line.join('')}\x1b[K${forward}`)
      }
    }
    this.#line = line
    this.#cursor = cursor
  }
}
