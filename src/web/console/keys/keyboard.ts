import {
  defaultKeyboard,
  type GatewayEscape,
  type KeyboardSettings,
} from '../../settings/keyboard-settings.ts'
import { type LineEncoding, utf8 } from '../encoding/encodings.ts'
import {
  ENTER,
  encodeKey,
  isMouse,
  type KeyName,
  type Modifiers,
  modified,
  noModifiers,
  readKey,
  sevenBits,
} from './encode.ts'
import { EscapeGuard } from './escape-guard.ts'

export type Modifier = keyof Modifiers
/** `once`: until the next key. */
type Held = 'off' | 'once' | 'locked'

export interface KeyboardSnapshot {
  /** The modifiers that are held on the screen. */
  held: Readonly<Record<Modifier, Held>>
  /** It was typed, and waits for a person's word. */
  asked: GatewayEscape | null
}

/** What was typed, before it is this machine's bytes. */
export type Stroke = { name: KeyName; modifiers: Modifiers } | { text: string }

export interface KeyboardPort {
  /** Types on the line. */
  send(text: string): void
  applicationCursor(): boolean
}

const released: KeyboardSnapshot['held'] = { shift: 'off', alt: 'off', ctrl: 'off' }
const next: Record<Held, Held> = { off: 'once', once: 'locked', locked: 'off' }

/**
 * What a person types, on its way from the terminal to the line: modifiers that are held on the screen, the bytes that
 * this machine expects, and what the gateway would take for itself. All keyboards come through here, of plastic or of
 * glass. The terminal's own answers do not.
 */
export class Keyboard {
  settings: KeyboardSettings = defaultKeyboard
  encoding: LineEncoding = utf8
  /** Characters that the line cannot carry. */
  onRefused: (characters: string) => void = () => {}
  /** Told of what a person types, for other consoles that take the same keys. */
  onTyped: (stroke: Stroke) => void = () => {}
  readonly #port: KeyboardPort
  readonly #guard = new EscapeGuard()
  readonly #listeners = new Set<() => void>()
  #snapshot: KeyboardSnapshot = { held: released, asked: null }
  /** What is asked about, and what was typed since. */
  #waiting: { text: string; after: string } | null = null

  constructor(port: KeyboardPort) {
    this.#port = port
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = () => this.#snapshot

  /** A modifier is held on the screen. */
  get isHolding(): boolean {
    const { shift, alt, ctrl } = this.#snapshot.held
    return shift !== 'off' || alt !== 'off' || ctrl !== 'off'
  }

  /** @param text what the terminal made of a key, or text that came without one */
  typed(text: string): void {
    if (text === '') return
    if (isMouse(text)) return this.#port.send(text)
    const key = readKey(text)
    if (key) this.press(key.name, key.modifiers)
    else this.text(text)
  }

  /** A key that has a name. */
  press(name: KeyName, modifiers: Modifiers = noModifiers): void {
    const held = this.#takeHeld()
    const all = {
      shift: modifiers.shift || held.shift,
      alt: modifiers.alt || held.alt,
      ctrl: modifiers.ctrl || held.ctrl,
    }
    this.onTyped({ name, modifiers: all })
    this.repeat({ name, modifiers: all })
  }

  /** Characters and control codes, as they are. */
  text(text: string): void {
    const all = modified(text, this.#takeHeld())
    this.onTyped({ text: all })
    this.repeat({ text: all })
  }

  /** Types what was typed in another console, as this machine expects it. */
  repeat(stroke: Stroke): void {
    if ('text' in stroke) return this.#send(stroke.text)
    const applicationCursor = this.#port.applicationCursor()
    this.#send(encodeKey(stroke.name, stroke.modifiers, { ...this.settings, applicationCursor }))
  }

  /** What a person pastes goes its own way. @returns it with the line ends that the machine expects */
  pasted(text: string): string {
    this.passes(text)
    return text.replaceAll('\r', ENTER[this.settings.enter])
  }

  /** A button's text, or a portal's, goes its own way. The gateway gets it as if it had been typed. */
  passes(text: string): void {
    this.#guard.take(text, [])
  }

  /**
   * What was typed once and then lost goes out again. On another line, or at another place of it, the gateway may take for
   * a command what it did not take for one before.
   * @param send sends it as it was, where nothing has to be asked about
   */
  again(text: string, send: () => void): void {
    if (this.#waiting) this.#waiting.after += text
    else this.#pass(text, send)
  }

  /** A press of a modifier on the screen: for one key, then until it is pressed again. */
  hold(modifier: Modifier): void {
    const { held } = this.#snapshot
    this.#show({ held: { ...held, [modifier]: next[held[modifier]] } })
  }

  /** A person's word on what was asked. What was typed since follows in either case. */
  answer(send: boolean): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#waiting = null
    this.#show({ asked: null })
    if (send) this.#port.send(waiting.text)
    else this.#guard.refuse()
    if (waiting.after !== '') this.#pass(waiting.after)
  }

  /** The line may have begun anew, or others may have typed on it. */
  doubtPlace(): void {
    this.#guard.doubt()
  }

  #takeHeld(): Modifiers {
    const { held } = this.#snapshot
    const { shift, alt, ctrl } = held
    const free = (state: Held) => (state === 'once' ? 'off' : state)
    if (shift === 'once' || alt === 'once' || ctrl === 'once') {
      this.#show({ held: { shift: free(shift), alt: free(alt), ctrl: free(ctrl) } })
    }
    return { shift: shift !== 'off', alt: alt !== 'off', ctrl: ctrl !== 'off' }
  }

  #send(text: string): void {
    const carried = this.#carried(text)
    if (this.#waiting) this.#waiting.after += carried
    else this.#pass(carried)
  }

  #pass(text: string, sendAll = () => this.#port.send(text)): void {
    const { pass, asked, rest } = this.#guard.take(text, this.settings.guarded)
    if (!asked) return text === '' ? undefined : sendAll()
    if (pass !== '') this.#port.send(pass)
    this.#waiting = { text: asked.text, after: rest }
    this.#show({ asked: asked.escape })
  }

  #carried(text: string): string {
    if (!this.settings.sevenBit) {
      const lacking = this.encoding.lacking(text)
      if (lacking !== '') this.onRefused(lacking)
      // Half of a word would be another word.
      return lacking === '' ? text : ''
    }
    const carried = sevenBits(text)
    if (carried !== text) this.onRefused(text.replace(/[\0-\x7f]/g, ''))
    return carried
  }

  #show(change: Partial<KeyboardSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
