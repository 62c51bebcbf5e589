import { Dice } from './dice.ts'
import type { SandboxServer, SandboxServers } from './sandbox-server.ts'

/**
 * Changes one server at a time, as the other users of a large installation do. Servers whose machines were used are let
 * alone: a person may be at their consoles.
 */
export class Churn {
  readonly #servers: SandboxServers
  readonly #among: readonly SandboxServer[]
  /** What a later turn ends: a reboot, or the time that a server is gone. */
  readonly #ends: (() => void)[] = []
  #turn = 0

  /** @param among the servers that may change */
  constructor(servers: SandboxServers, among: readonly SandboxServer[]) {
    this.#servers = servers
    this.#among = among.filter(({ fixture }) => fixture.status === 'ACTIVE' || fixture.status === 'SHUTOFF')
  }

  /** Every change lasts four turns. */
  turn(): void {
    if (this.#among.length === 0) return
    this.#turn++
    if (this.#ends.length > 3) this.#ends.shift()?.()
    const dice = new Dice(`churn ${this.#turn}`)
    const server = dice.of(this.#among)
    const settled = server.task === null && !server.used && this.#servers.has(server)
    this.#ends.push(settled ? this.#change(server, dice.below(10)) : () => {})
  }

  #change(server: SandboxServer, of10: number): () => void {
    if (of10 === 0) {
      this.#servers.remove(server)
      return () => this.#servers.add(server)
    }
    const poweredOn = !server.poweredOn || of10 < 6
    server.task = !server.poweredOn ? 'powering-on' : poweredOn ? 'rebooting' : 'powering-off'
    return () => {
      server.task = null
      server.setPower(poweredOn)
    }
  }
}
