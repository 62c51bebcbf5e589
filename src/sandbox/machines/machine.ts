/** How a machine of the sandbox behaves on its serial line */
export type Firmware = 'boots' | 'panics' | 'garbles' | 'idles' | 'silent'

/**
 * Where a simulated machine stands when its first reader comes.
 * - `boot`: it starts to boot, as fast as its speed allows.
 * - `login`: it has booted and asks `login:`.
 * - `shell`: it has booted and root is signed in.
 * The first reader gets at once all that the machine printed on its way there. Any later boot takes its usual time.
 */
export type StartingPoint = 'boot' | 'login' | 'shell'

/**
 * The sandbox's kernels take this for a BREAK. It is their CONFIG_MAGIC_SYSRQ_SERIAL_SEQUENCE.
 * https://docs.kernel.org/admin-guide/sysrq.html
 */
export const SANDBOX_SYSRQ_SEQUENCE = '\x1f\x1fsysrq'

/** How to sign in on every machine of the sandbox. */
export const account = { user: 'root', password: 'sandbox' } as const

/** A machine behind one serial port. What it prints without a reader is lost. */
export interface Machine {
  readonly poweredOn: boolean
  /** A port has one reader, as in reality. @returns false if there is one already */
  attach(listener: (bytes: Buffer) => void): boolean
  detach(): void
  /** While true, floods wait, as with hardware flow control. */
  hold(on: boolean): void
  write(bytes: Buffer): void
  powerOn(): void
  powerOff(): void
  reset(): void
  /** A non-maskable interrupt: the kernel panics, and restarts the machine. */
  nmi(): void
  /** Resolves when the machine has stopped. */
  dispose(): Promise<void>
}
