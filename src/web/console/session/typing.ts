import type { Clock } from '../../../shared/clock.ts'
import { newSecret } from '../transport/client.ts'
import type { RelayEvent, Transport } from '../transport/transport.ts'
import { InputLedger, type InputMemory, type OnLost, RESEND_MS } from './input-ledger.ts'
import type { Bytes, LostKeys } from './lost-input.ts'

/** Where the numbers of what was typed outlive a reload. */
export interface TypingMemory {
  recall(): InputMemory | null
  keep(memory: InputMemory | null): void
}

interface TypingOptions {
  memory: TypingMemory
  onLost: (lost: LostKeys | null) => void
  clock: Clock
  /** What the bytes say, so that keys can be counted */
  read: (bytes: Uint8Array) => string
}

/** What is typed, on its way to the line: drives the ledger with what happens to the transport. */
export class Typing {
  readonly #options: TypingOptions
  readonly #ledger: InputLedger
  #transport: Transport | null = null
  #recalled = false
  #lost: LostKeys | null = null
  #cancelExpiry = () => {}
  readonly #keep = () => this.#options.memory.keep(this.#ledger.memory)

  constructor(options: TypingOptions) {
    this.#options = options
    this.#ledger = new InputLedger(newSecret(), options.read)
    window.addEventListener('pagehide', this.#keep)
  }

  /** What the relay must know to go on with our input. */
  get resumePoint() {
    if (!this.#recalled) this.#ledger.recall(this.#options.memory.recall())
    this.#recalled = true
    return { input: this.#ledger.claim, before: this.#ledger.claimBefore }
  }

  /** Whether more than the line takes now was typed. */
  get isHeldUp(): boolean {
    return this.#ledger.isWaiting
  }

  /** What was lost, as it was typed. */
  get lostBytes(): Bytes {
    return this.#ledger.lostBytes
  }

  takeLost(): Bytes {
    const bytes = this.#ledger.takeLost()
    this.#moved()
    return bytes
  }

  /** @param onLost told of each loss; without it a lost key is kept for the person who typed it */
  type(bytes: Bytes, onLost?: OnLost): void {
    this.#ledger.type(bytes, this.#options.clock.now(), onLost)
    this.#moved()
  }

  attach(transport: Transport): void {
    this.#transport = transport
  }

  /** @param line the relay's number for it; null: it is a direct one */
  opened(line: number | null): void {
    if (line === null) this.#ledger.openedDirect()
    else this.#ledger.lineOpened(line)
    this.#moved()
  }

  /** The machine said something. */
  heard(): void {
    this.#ledger.heardDirect()
  }

  relayed(event: RelayEvent): void {
    switch (event.type) {
      case 'joined':
        this.#cancelExpiry()
        this.#ledger.joined(event, this.#options.clock.now())
        break
      case 'line-lost':
        this.#ledger.lineLost()
        break
      case 'line-opening':
        this.#ledger.lineOpening()
        break
      case 'taken':
        this.#ledger.taken(event.upTo)
        break
      case 'dropped':
        this.#ledger.dropped(event)
        break
      case 'gap':
      case 'seam':
      case 'viewers':
      case 'recording':
      case 'warning':
        return
    }
    this.#moved()
  }

  /** Who has the keyboard was told. */
  keyboard(ours: boolean): void {
    this.#ledger.keyboard(ours)
    this.#moved()
  }

  /** @param forGood no attempt follows by itself */
  closed(forGood: boolean): void {
    const wasOpen = this.#transport !== null
    this.#transport = null
    if (forGood) this.#ledger.ended()
    else this.#ledger.closed()
    if (wasOpen) {
      this.#cancelExpiry = this.#options.clock.after(RESEND_MS, () => {
        this.#ledger.expired()
        this.#moved()
      })
    }
    this.#moved()
  }

  dispose(): void {
    window.removeEventListener('pagehide', this.#keep)
    this.#keep()
    this.#cancelExpiry()
    this.#transport = null
  }

  #moved(): void {
    const transport = this.#transport
    if (transport) this.#ledger.flush(transport.send)
    const { lost } = this.#ledger
    if (lost === this.#lost) return
    this.#lost = lost
    this.#options.onLost(lost)
  }
}
