import '@xterm/xterm/css/xterm.css'
import './cursor.css'
import { WebLinksAddon } from '@xterm/addon-web-links'
import type { ITheme, Terminal } from '@xterm/xterm'
import { readWhole } from '../encoding/encodings.ts'
import type { ScreenEnd } from '../guard/logged-in.ts'
import { ENTER, echoOf, isMouse } from '../keys/encode.ts'
import { Keyboard } from '../keys/keyboard.ts'
import { TerminalAnswers } from './answers.ts'
import { Cursor } from './cursor.ts'
import { TerminalFeed } from './feed.ts'
import { TerminalFrame } from './frame.ts'
import { GpuRenderer } from './gpu-renderer.ts'
import { endHeldCompositions } from './held-composition.ts'
import { typeKeylessText } from './keyless-text.ts'
import { type Look, newXterm, speak } from './new-xterm.ts'
import { RowMap, type TextSource } from './row-map.ts'
import { TerminalRows } from './rows.ts'
import { TerminalScreen } from './screen.ts'
import { ScreenHistory } from './screen-history.ts'
import { transcriptOf } from './transcript.ts'

export interface TerminalOptions extends Look {
  /** False: the page says later which of its terminals a GPU draws. */
  gpu?: boolean
  /** A link was clicked. Nothing opens by itself. */
  onLink: (url: string) => void
}

const stillness = window.matchMedia('(prefers-reduced-motion: reduce)')
const mayMove = () => !stillness.matches

/** The xterm.js terminal and its add-ons, as one owner. */
export class ConsoleTerminal {
  readonly #term: Terminal
  /** How large it is. */
  readonly frame: TerminalFrame
  /** Each row, by a number that it keeps */
  readonly view: TerminalRows
  readonly #answers: TerminalAnswers
  readonly #feed: TerminalFeed
  readonly keyboard = new Keyboard({
    send: (text) => this.#onInput(this.encoding.encode(text) ?? new Uint8Array()),
    applicationCursor: () => this.#term.modes.applicationCursorKeysMode,
  })
  readonly #cursor: Cursor
  readonly #gpu: GpuRenderer
  readonly #takesGpu: boolean
  /** At which byte each row begins */
  readonly rows: RowMap
  /** What the reader sees of the rows, for those who draw beside them or over them */
  readonly screen: TerminalScreen
  #onInput: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}
  #onAnswer: (text: string) => void = () => {}

  constructor(options: TerminalOptions) {
    const follow = (_event: MouseEvent, url: string) => {
      if (/^https?:/i.test(url)) options.onLink(url)
    }
    this.#term = newXterm(options, follow)
    this.#answers = new TerminalAnswers(
      this.#term,
      (text) => {
        // Pointing at what is read must not lead away from it.
        if (!isMouse(text)) {
          this.screen.scrollToEnd()
          this.frame.reveal()
        }
        this.keyboard.typed(text)
      },
      (text) => this.#onAnswer(text),
    )
    this.rows = new RowMap(this.#term)
    this.screen = new TerminalScreen(this.#term)
    this.#feed = new TerminalFeed(this.#term, this.rows, (on) => {
      this.#answers.muted = on
    })
    // What is asked last is asked first: rows are kept before they go.
    new ScreenHistory(this.#term)
    this.view = new TerminalRows(this.#term)
    this.#cursor = new Cursor(this.#term, mayMove)
    this.#gpu = new GpuRenderer(this.#term)
    this.#takesGpu = options.gpu ?? true
    // Reports of the mouse, in an encoding that is no text.
    this.#term.onBinary((text) => this.#onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))))
    this.frame = new TerminalFrame(this.#term, options.fontSize)
    this.#term.loadAddon(new WebLinksAddon(follow))
  }

  open(element: HTMLElement): void {
    this.frame.open(element)
    const { textarea } = this.#term
    textarea?.addEventListener('focus', () => {
      this.#cursor.focused = true
    })
    textarea?.addEventListener('blur', () => {
      this.#cursor.focused = false
    })
    typeKeylessText(this.#term, element)
    endHeldCompositions(element, this.keyboard)
    this.#gpu.wanted = this.#takesGpu
  }

  /**
   * @param muted the terminal must not answer the questions in this text
   * @param taken called when there is room for more
   * @param source the bytes that came with it; none: it is our own
   */
  write(text: string, muted: boolean, taken: () => void, source?: TextSource): void {
    this.#feed.write({ text, muted, taken }, source ?? null)
  }

  /** Calls with what a person types, reports of the mouse among it. One listener. */
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#onInput = listener
  }

  /** Calls with what the terminal says by itself: its answers to the machine's questions, and reports of the focus. */
  onAnswer(listener: (text: string) => void): void {
    this.#onAnswer = listener
  }

  /** Calls when the machine names its terminal (OSC 0 and 2), also in replayed history. @returns stops it */
  onTitle(listener: (title: string) => void): () => void {
    const { dispose } = this.#term.onTitleChange(listener)
    return dispose
  }

  /** Calls for each bell, but not for those in replayed history. @returns stops it */
  onBell(listener: () => void): () => void {
    const { dispose } = this.#term.onBell(() => {
      if (!this.#answers.muted) listener()
    })
    return dispose
  }

  /**
   * Lets a feature that not every page has look at what the terminal parses.
   * @param make `isMuted`: what is parsed now is history
   */
  inspect<T>(make: (term: Terminal, isMuted: () => boolean) => T): T {
    return make(this.#term, () => this.#answers.muted)
  }

  /** @param handle returns false for the keys that must not go to the line */
  onKey(handle: (event: KeyboardEvent) => boolean): void {
    this.#term.attachCustomKeyEventHandler(handle)
  }

  /** Takes effect between the text that was written before it and the text that is written after it. */
  cleanModes(): void {
    this.#feed.cleanModes()
  }

  /** Leaves only the cursor's line on the screen. What was above it is in the scrollback. */
  clear(): void {
    this.#feed.clear('cursor')
  }

  /** A terminal as it was at first, but for its scrollback, which has what was on the screen. */
  reset(): void {
    this.#feed.cleanModes()
    this.#feed.clear('all')
  }

  writeSeam(text: string): void {
    this.write(`\r\n\x1b[90m── ${text} ──\x1b[0m\r\n`, false, () => {})
  }

  /** The cursor's line up to the cursor, and whether a full-screen program has the screen. */
  get screenEnd(): ScreenEnd {
    return { line: this.screen.lineToCursor, alternate: this.fullScreen }
  }

  /** The cursor is in the upper half of what is seen of the screen. */
  get cursorIsHigh(): boolean {
    return this.frame.cursorIsHigh
  }

  get fullScreen(): boolean {
    return this.#term.buffer.active.type === 'alternate'
  }

  /** Calls after each write that was parsed. @returns stops it */
  onWritten(listener: () => void): () => void {
    const { dispose } = this.#term.onWriteParsed(listener)
    return dispose
  }

  toBottom(): void {
    this.screen.scrollToEnd()
  }

  get size(): { cols: number; rows: number } {
    return { cols: this.#term.cols, rows: this.#term.rows }
  }

  get bracketedPaste(): boolean {
    return this.#term.modes.bracketedPasteMode
  }

  /** Types these characters and control codes, wherever the scrollback stands. */
  typeText(text: string): void {
    this.screen.scrollToEnd()
    this.keyboard.text(text)
  }

  /** Shows what was typed, on a line whose machine does not. */
  echo(bytes: Uint8Array): void {
    if (!this.keyboard.settings.localEcho) return
    const shown = echoOf(readWhole(this.encoding, bytes))
    if (shown !== '') this.write(shown, true, () => {})
  }

  passes(text: string): void {
    this.keyboard.passes(text)
  }

  again(text: string, send: () => void): void {
    this.keyboard.again(text, send)
  }

  get enter(): string {
    return ENTER[this.keyboard.settings.enter]
  }

  /** How the line's bytes are characters. */
  get encoding() {
    return this.keyboard.encoding
  }

  /** Says that the line cannot carry these characters. */
  refused(characters: string): void {
    this.keyboard.onRefused(characters)
  }

  /** The line's eighth bit is no part of a character. */
  get sevenBit(): boolean {
    return this.keyboard.settings.sevenBit
  }

  /** Whether the next key's Option is Meta. */
  set optionIsMeta(on: boolean) {
    if (this.#term.options.macOptionIsMeta !== on) this.#term.options.macOptionIsMeta = on
  }

  get selection(): string {
    return this.#term.getSelection()
  }

  /** The scrollback and the screen as text */
  transcript(): string {
    return transcriptOf(this.#term.buffer)
  }

  get theme(): ITheme {
    return this.#term.options.theme ?? {}
  }

  set theme(theme: ITheme) {
    this.#term.options.theme = theme
  }

  set fontSize(size: number) {
    this.frame.text = size
  }

  /** Shows by the cursor that keys go nowhere. */
  set watching(on: boolean) {
    this.#cursor.watching = on
  }

  set screenReader(on: boolean) {
    this.#term.options.screenReaderMode = on
  }

  /** @param input what a screen reader calls the place for typing; `tooMuch`: what it says when output comes too fast */
  speak(input: string, tooMuch: string): void {
    this.#term.textarea?.setAttribute('aria-label', input)
    speak(tooMuch)
  }

  /** @param id the element that a screen reader reads when the terminal gets the focus */
  describeBy(id: string): void {
    this.#term.textarea?.setAttribute('aria-describedby', id)
  }

  /** Whether a GPU draws it, where there is one. */
  set gpu(on: boolean) {
    this.#gpu.wanted = on
  }

  /** Whether the element is a part of it. */
  holds(element: Element): boolean {
    return this.#term.element?.contains(element) ?? false
  }

  focus(): void {
    this.#term.focus()
  }

  dispose(): void {
    this.frame.dispose()
    this.#gpu.dispose()
    this.#cursor.dispose()
    this.#term.dispose()
  }
}
