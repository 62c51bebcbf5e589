import type { LinuxImage } from './linux-image.ts'
import { type Machine, SANDBOX_SYSRQ_SEQUENCE } from './machine.ts'
import { SysRqFilter } from './sysrq.ts'
import { killTied, spawnTied, type TiedProcess } from './tied-process.ts'

/** Ctrl+A begins a command of QEMU's multiplexer. Twice means the key itself, with `b` it means a BREAK. */
const MUX = '\x01'
/** Keys beyond this are lost, as in a UART that nobody empties. */
const OVERRUN = 1024 * 1024

interface LinuxMachineOptions {
  image: LinuxImage
  hostname: string
  poweredOn: boolean
}

type Power =
  | { kind: 'off' }
  /** On, but without a reader so far. QEMU starts with the first reader, since it takes 210 MB. */
  | { kind: 'unseen' }
  | { kind: 'running'; qemu: TiedProcess }

/**
 * QEMU's arguments for a machine with a serial port, and neither disk nor network.
 * It is not a microvm: without ACPI that cannot power off, and with ACPI the kernel's clock calibration hangs on a busy
 * host. `no_timer_check` is for such hosts, too. https://docs.kernel.org/admin-guide/kernel-parameters.html
 */
export function qemuArguments({ kernel, initrd }: LinuxImage, hostname: string): string[] {
  return [
    ...['-M', 'pc,usb=off', '-accel', 'tcg', '-m', '160'],
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-kernel', kernel, '-initrd', initrd],
    ...['-append', `console=ttyS0 panic=1 no_timer_check sysrq_always_enabled hostname=${hostname}`],
  ]
}

/** A real Linux under QEMU. The program's pipes are its serial line. */
export class LinuxMachine implements Machine {
  readonly #options: LinuxMachineOptions
  #power: Power
  #listener: ((bytes: Buffer) => void) | null = null
  #held = false
  #typed = ''
  /** Debian's kernel has no SysRq sequence, so the sandbox's sequence becomes a BREAK. */
  readonly #sysrq = new SysRqFilter(SANDBOX_SYSRQ_SEQUENCE, (key) => {
    this.#typed += `${MUX}b${escapeMux(key)}`
  })

  constructor(options: LinuxMachineOptions) {
    this.#options = options
    this.#power = options.poweredOn ? { kind: 'unseen' } : { kind: 'off' }
  }

  get poweredOn(): boolean {
    return this.#power.kind !== 'off'
  }

  attach(listener: (bytes: Buffer) => void): boolean {
    if (this.#listener) return false
    this.#listener = listener
    if (this.#power.kind === 'unseen') this.#start()
    return true
  }

  detach(): void {
    this.#listener = null
    this.hold(false)
  }

  /** A full pipe makes QEMU wait, and so the guest waits. */
  hold(held: boolean): void {
    this.#held = held
    if (this.#power.kind !== 'running') return
    if (held) this.#power.qemu.stdout.pause()
    else this.#power.qemu.stdout.resume()
  }

  write(bytes: Buffer): void {
    if (this.#power.kind !== 'running') return
    const { stdin } = this.#power.qemu
    for (const char of bytes.toString('latin1')) {
      // The filter adds a command's BREAK to `#typed`, so it runs before the rest is added.
      const typed = this.#sysrq.take(char)
      this.#typed += escapeMux(typed)
    }
    if (stdin.writableLength < OVERRUN) stdin.write(this.#typed, 'latin1')
    this.#typed = ''
  }

  powerOn(): void {
    if (this.#power.kind === 'off') this.#start()
  }

  powerOff(): void {
    void this.#stop()
  }

  reset(): void {
    void this.#stop()
    this.#start()
  }

  /** QEMU takes an NMI by its monitor only, which these machines do not have. What comes after the panic is the same. */
  nmi(): void {
    this.reset()
  }

  async dispose(): Promise<void> {
    this.#listener = null
    await this.#stop()
  }

  async #stop(): Promise<void> {
    const power = this.#power
    this.#power = { kind: 'off' }
    if (power.kind !== 'running') return
    power.qemu.stdout.destroy()
    await killTied(power.qemu)
  }

  #start(): void {
    this.#power = { kind: 'off' }
    try {
      this.#run(this.#spawn())
    } catch (error) {
      // No process or file descriptor may be left. A machine that does not start must not end the program.
      this.#listener?.(Buffer.from(failure(error instanceof Error ? error.message : String(error))))
    }
  }

  #spawn(): TiedProcess {
    const { image, hostname } = this.#options
    return spawnTied('qemu-system-x86_64', [
      ...qemuArguments(image, hostname),
      ...['-chardev', 'stdio,id=serial,mux=on,signal=off', '-serial', 'chardev:serial'],
    ])
  }

  #run(qemu: TiedProcess): void {
    this.#power = { kind: 'running', qemu }
    const isCurrent = () => this.#power.kind === 'running' && this.#power.qemu === qemu
    let complaint = ''
    qemu.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-500)
    })
    qemu.stdout.on('data', (bytes: Buffer) => {
      if (isCurrent()) this.#listener?.(bytes)
    })
    if (this.#held) qemu.stdout.pause()
    const end = (why: string | null) => {
      if (!isCurrent()) return
      this.#power = { kind: 'off' }
      if (why !== null) this.#listener?.(Buffer.from(failure(why)))
    }
    qemu.child.on('error', (error) => end(error.message))
    qemu.child.on('exit', (code, signal) => {
      const why = code === 0 ? null : complaint.trim() || (signal ?? `code ${code}`)
      // The guest's last words come first.
      if (qemu.stdout.closed) end(why)
      else qemu.stdout.once('close', () => end(why))
    })
  }
}

const escapeMux = (text: string) => text.replaceAll(MUX, MUX + MUX)

const failure = (why: string) =>
  `\r\nQEMU ended: ${why.replaceAll(/\s+/g, ' ')}\r\nPower the machine on to try again, or start the sandbox with BMS_CONSOLE_SANDBOX_MACHINES=simulated.\r\n`
