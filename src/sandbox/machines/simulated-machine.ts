import { StringDecoder } from 'node:string_decoder'
import type { Clock } from '../../shared/clock.ts'
import {
  type BootedAs,
  type BootStep,
  firmware,
  grubMenu,
  kernelBoot,
  nmiPanic,
  panic,
  userland,
} from './boot-log.ts'
import { LineEditor } from './line-editor.ts'
import {
  account,
  type Firmware,
  type Machine,
  SANDBOX_SYSRQ_SEQUENCE,
  type StartingPoint,
} from './machine.ts'
import { runCommand, type ShellHost, type TtySize } from './shell.ts'
import { SysRqFilter, sysRqAnswer } from './sysrq.ts'

type Phase =
  | { kind: 'off' }
  | { kind: 'booting' }
  | { kind: 'grub'; selected: number; seconds: number }
  | { kind: 'login' }
  | { kind: 'password'; user: string }
  | { kind: 'shell' }
  | { kind: 'busy' }
  /** `resize` waits for the terminal to say where its cursor is. */
  | { kind: 'probing'; heard: string }

interface SimulatedMachineOptions extends BootedAs {
  clock: Clock
  firmware: Firmware
  poweredOn: boolean
  /** 1 is life-like. */
  speed: number
  /** Machines that never get to a prompt, or that print nothing until Enter, ignore it. */
  startAt?: StartingPoint
}

const usualSize: TtySize = { rows: 24, columns: 80 }

/** Simulates a machine. It is deterministic and fast, and it can fail in ways that a real one seldom does. */
export class SimulatedMachine implements Machine {
  #phase: Phase = { kind: 'off' }
  #cancelTimer = () => {}
  #listener: ((bytes: Buffer) => void) | null = null
  #bootedAt: number
  #started = false
  /** While true, no step of the boot waits. */
  #skipWaits = false
  /** Bytes may come in any split, also inside a character. */
  readonly #decoder = new StringDecoder('utf8')
  readonly #sysrq = new SysRqFilter(SANDBOX_SYSRQ_SEQUENCE, (key) => this.#sysRqCommand(key))
  #grubEscape = ''
  #held = false
  #resume: (() => void) | null = null
  #size: TtySize = usualSize
  readonly #editor: LineEditor
  readonly #options: SimulatedMachineOptions
  poweredOn: boolean

  constructor(options: SimulatedMachineOptions) {
    this.#options = options
    this.#bootedAt = options.clock.now()
    this.poweredOn = options.poweredOn
    this.#editor = new LineEditor(
      (text) => this.#print(text),
      (line) => this.#line(line),
      (key) => this.#controlKey(key),
    )
    if (options.firmware === 'idles' && options.poweredOn) this.#phase = { kind: 'login' }
  }

  attach(listener: (bytes: Buffer) => void): boolean {
    if (this.#listener) return false
    this.#listener = listener
    this.#held = false
    if (!this.#started && this.poweredOn) this.#start()
    this.#started = true
    return true
  }

  detach(): void {
    this.#listener = null
    this.hold(false)
  }

  hold(held: boolean): void {
    this.#held = held
    if (held) return
    const resume = this.#resume
    this.#resume = null
    resume?.()
  }

  write(bytes: Buffer): void {
    if (!this.poweredOn || this.#options.firmware === 'silent') return
    for (const char of this.#decoder.write(bytes)) for (const key of this.#sysrq.take(char)) this.#key(key)
  }

  /** Keys are handled one by one, since a key may change what the next one goes to. */
  #key(key: string): void {
    switch (this.#phase.kind) {
      case 'grub':
        this.#grubKey(key)
        return
      case 'login':
      case 'password':
      case 'shell':
        this.#editor.type(key)
        return
      case 'busy':
        if (key === '\x03') this.#prompt('^C\r\n')
        return
      case 'probing':
        this.#probed(this.#phase.heard + key)
        return
    }
  }

  powerOn(): void {
    if (this.poweredOn) return
    this.poweredOn = true
    this.#started = true
    this.#boot()
  }

  powerOff(): void {
    this.#stop()
    this.#phase = { kind: 'off' }
    this.poweredOn = false
  }

  reset(): void {
    this.poweredOn = true
    this.#started = true
    this.#boot()
  }

  nmi(): void {
    if (!this.poweredOn || this.#options.firmware === 'silent') return
    this.#stop()
    this.#started = true
    this.#phase = { kind: 'booting' }
    this.#play(nmiPanic(), () => this.#boot())
  }

  async dispose(): Promise<void> {
    this.#stop()
    this.#listener = null
  }

  #stop(): void {
    this.#cancelTimer()
    this.#resume = null
    this.#editor.clear()
  }

  #print(text: string): void {
    if (!this.#listener) return
    const bytes = Buffer.from(text, 'utf8')
    // A wrong baud rate turns each byte into another, mostly with the high bit set.
    if (this.#options.firmware === 'garbles')
      for (const [at, byte] of bytes.entries()) bytes[at] = (byte * 37 + at * 11) | 0x80
    this.#listener(bytes)
  }

  #after(ms: number, then: () => void): void {
    if (this.#skipWaits) then()
    else this.#cancelTimer = this.#options.clock.after(ms / this.#options.speed, then)
  }

  #play(steps: BootStep[], then: () => void): void {
    const [step, ...rest] = steps
    if (!step) return then()
    this.#after(step.wait, () => {
      this.#print(step.text)
      this.#play(rest, then)
    })
  }

  /** The first console to open sees the machine boot, or all that it printed until it stood at its prompt. */
  #start(): void {
    const { firmware, startAt = 'boot' } = this.#options
    switch (firmware) {
      case 'idles':
        return
      case 'panics':
      case 'silent':
        return this.#boot()
      case 'boots':
      case 'garbles':
    }
    if (startAt === 'boot') return this.#boot()
    this.#skipWaits = true
    this.#boot()
    this.#skipWaits = false
    if (startAt === 'shell') this.#editor.type(`${account.user}\r${account.password}\r`)
  }

  #boot(): void {
    this.#stop()
    if (this.#options.firmware === 'silent') return
    this.#phase = { kind: 'booting' }
    this.#size = usualSize
    this.#bootedAt = this.#options.clock.now()
    this.#play(firmware(), () => this.#grub(0, 2))
  }

  #grub(selected: number, seconds: number): void {
    this.#cancelTimer()
    this.#phase = { kind: 'grub', selected, seconds }
    this.#print(grubMenu(this.#options.image, selected, seconds))
    if (seconds < 0) return
    this.#after(600, () => (seconds > 0 ? this.#grub(selected, seconds - 1) : this.#kernel()))
  }

  #grubKey(key: string): void {
    if (this.#phase.kind !== 'grub') return
    const { selected } = this.#phase
    if (key === '\r' || key === '\n') return this.#kernel()
    this.#grubEscape = key === '\x1b' ? key : this.#grubEscape && this.#grubEscape + key
    const arrow = /^\x1b[[O]([A-Z])$/.exec(this.#grubEscape)?.[1]
    if (arrow) this.#grubEscape = ''
    if (arrow === 'A') this.#grub(Math.max(0, selected - 1), -1)
    else if (arrow === 'B') this.#grub(Math.min(2, selected + 1), -1)
  }

  #kernel(): void {
    this.#cancelTimer()
    this.#phase = { kind: 'booting' }
    this.#print('\x1b[2J\x1b[H')
    const panics = this.#options.firmware === 'panics'
    this.#play([...kernelBoot(this.#options), ...(panics ? panic() : userland(this.#options))], () =>
      panics ? this.#boot() : this.#login(),
    )
  }

  #login(): void {
    this.#phase = { kind: 'login' }
    this.#editor.hidden = false
    this.#print(`\r\n${this.#options.hostname} login: `)
  }

  #line(line: string): void {
    switch (this.#phase.kind) {
      case 'login':
        if (line.trim() === '') return this.#login()
        this.#phase = { kind: 'password', user: line.trim() }
        this.#editor.hidden = true
        this.#print('Password: ')
        return
      case 'password':
        if (line !== account.password) {
          this.#print('Login incorrect\r\n')
          return this.#login()
        }
        this.#editor.hidden = false
        this.#print(
          `Linux ${this.#options.hostname} ${this.#options.kernel}\r\nType help for the commands of this sandbox.\r\n`,
        )
        return this.#prompt()
      case 'shell':
        runCommand(line, this.#shellHost())
        if (this.#phase.kind === 'shell') this.#prompt()
    }
  }

  #prompt(before = ''): void {
    this.#cancelTimer()
    this.#resume = null
    this.#phase = { kind: 'shell' }
    this.#print(`${before}\x1b[1;32mroot@${this.#options.hostname}\x1b[0m:~# `)
  }

  #controlKey(key: 'c' | 'd'): void {
    if (this.#phase.kind === 'shell') {
      if (key === 'c') this.#prompt('^C\r\n')
      else {
        this.#print('logout\r\n')
        this.#login()
      }
    } else this.#login()
  }

  /** The corner is further away than any terminal is large, so the cursor stops at its size. */
  #probe(): void {
    this.#phase = { kind: 'probing', heard: '' }
    this.#print('\x1b7\x1b[r\x1b[999;999H\x1b[6n')
  }

  #probed(heard: string): void {
    const [, rows, columns] = /\x1b\[(\d+);(\d+)R$/.exec(heard) ?? []
    if (rows === undefined && !heard.endsWith('\x03')) {
      this.#phase = { kind: 'probing', heard: heard.slice(-20) }
      return
    }
    this.#print('\x1b8')
    if (rows === undefined) return this.#prompt('^C\r\n')
    this.#size = { rows: Number(rows), columns: Number(columns) }
    this.#prompt(`COLUMNS=${columns};\r\nLINES=${rows};\r\nexport COLUMNS LINES;\r\n`)
  }

  #shellHost(): ShellHost {
    const { hostname, kernel, image, clock } = this.#options
    const machine = this
    return {
      get size() {
        return machine.#size
      },
      set size(size) {
        machine.#size = size
      },
      probeSize: () => this.#probe(),
      hostname,
      kernel,
      image,
      print: (text) => this.#print(text),
      now: () => new Date(clock.now()),
      uptimeSeconds: () => (clock.now() - this.#bootedAt) / 1000,
      logout: () => this.#login(),
      reboot: () => {
        // The phase is not `busy`: Ctrl+C does not stop a reboot.
        this.#phase = { kind: 'booting' }
        this.#print('[  812.114201] reboot: Restarting system\r\n')
        this.#after(400, () => this.#boot())
      },
      powerOff: () => {
        this.#print('[  812.114201] reboot: Power down\r\n')
        this.powerOff()
      },
      stream: (next, everyMs) => this.#stream(next, everyMs),
    }
  }

  #stream(next: () => string | null, everyMs: number): void {
    this.#phase = { kind: 'busy' }
    const { clock } = this.#options
    const turn = () => {
      if (this.#held) {
        this.#resume = turn
        return
      }
      const text = next()
      if (text === null) return this.#prompt()
      this.#print(text)
      this.#cancelTimer = clock.after(everyMs, turn)
    }
    this.#cancelTimer = clock.after(0, turn)
  }

  #sysRqCommand(key: string): void {
    this.#print(`\r\n[  900.000001] sysrq: ${sysRqAnswer(key) ?? 'This sysrq operation is disabled.'}\r\n`)
    if (key === 'b') this.#boot()
    if (key === 'o') this.powerOff()
  }
}
