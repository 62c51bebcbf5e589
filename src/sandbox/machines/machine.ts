/** How a machine of the sandbox behaves on its serial line. */
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
 * What the sandbox's kernels take for a BREAK: their CONFIG_MAGIC_SYSRQ_SERIAL_SEQUENCE.
 * https://docs.kernel.org/admin-guide/sysrq.html
 */
export const SANDBOX_SYSRQ_SEQUENCE = '\x1f\x1fsysrq'

/** How to sign in on every machine of the sandbox. */
export const account = { user: 'root', password: 'sandbox' } as const

/** A machine behind one serial port: bytes in, bytes out, nobody listening is nobody hearing. */
export interface Machine {
  readonly poweredOn: boolean
  /** One reader, as on a real port. @returns false when there is one already */
  attach(listener: (bytes: Buffer) => void): boolean
  detach(): void
  /** While held the machine's floods wait, as behind hardware flow control. */
  hold(held: boolean): void
  write(bytes: Buffer): void
  powerOn(): void
  powerOff(): void
  reset(): void
  /** Resolves when nothing of it runs any more. */
  dispose(): Promise<void>
}
