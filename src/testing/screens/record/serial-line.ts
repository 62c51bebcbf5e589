import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import type * as Headless from '@xterm/headless'
import { killTied, spawnTied, type TiedProcess } from '../../../sandbox/machines/tied-process.ts'
import type { ScreenSize } from '../screens.ts'

// Node takes it for a module without names.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless

/** A machine that has said nothing for so long waits for a key. Programs under an emulated processor take their time. */
const QUIET_MS = 1_200
const LIMIT_MS = 120_000

/** The serial line of a machine under QEMU, with a terminal at its other end that answers what programs ask. */
export class SerialLine {
  readonly #qemu: TiedProcess
  #terminal: Headless.Terminal | null = null
  #kept: Buffer[] = []
  #heardAt = Date.now()

  /** @param machine QEMU's arguments, without its serial port */
  constructor(machine: readonly string[]) {
    this.#qemu = spawnTied('qemu-system-x86_64', [...machine, '-serial', 'stdio'])
    this.#qemu.stdout.on('data', (bytes: Buffer) => {
      this.#heardAt = Date.now()
      this.#kept.push(bytes)
      this.#terminal?.write(bytes)
    })
  }

  /** Has a terminal of this size answer from now on. */
  answerAs({ cols, rows }: ScreenSize): void {
    this.#terminal?.dispose()
    this.#terminal = new Terminal({
      cols,
      rows,
      allowProposedApi: true,
      logLevel: 'off',
      windowOptions: { getWinSizeChars: true },
    })
    this.#terminal.onData((answer) => void this.#qemu.stdin.write(answer))
  }

  /** @param keys arrows in their usual form. A program may have asked for the other one. */
  type(keys: string): void {
    const applied = this.#terminal?.modes.applicationCursorKeysMode ?? false
    this.#qemu.stdin.write(applied ? keys.replaceAll(/\x1b\[([A-D])/g, '\x1bO$1') : keys)
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#kept = []
  }

  get heard(): Buffer {
    return Buffer.concat(this.#kept)
  }

  /** Resolves when the machine has said this. */
  async hear(text: string): Promise<void> {
    const begun = Date.now()
    while (!this.heard.includes(text)) {
      if (Date.now() - begun > LIMIT_MS)
        throw new Error(`Not heard: ${text}. But: ${this.heard.subarray(-500)}`)
      await delay(50)
    }
  }

  /** Types, and resolves when the machine has said all it has to say. */
  async press(keys: string, quietMs = QUIET_MS): Promise<void> {
    this.type(keys)
    this.#heardAt = Date.now()
    const begun = Date.now()
    while (Date.now() - this.#heardAt < quietMs && Date.now() - begun < LIMIT_MS) await delay(50)
  }

  async end(): Promise<void> {
    this.#terminal?.dispose()
    const closed = once(this.#qemu.stdout, 'close')
    await killTied(this.#qemu)
    await closed
  }
}
