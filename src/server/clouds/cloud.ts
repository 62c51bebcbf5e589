import type { Failure } from '../../shared/cause.ts'
import type { Server } from '../../shared/server.ts'

/** One cloud with bare-metal servers. Every method rejects with a `CloudError` and nothing else. */
export interface Cloud {
  /** All servers of the configured project, every page merged, in the cloud's order. */
  listServers(): Promise<Server[]>
  /** @throws CloudError `server-not-found` */
  getServer(id: string): Promise<Server>
  /**
   * Asks for a serial console. The caller has already refused what `serverCan.openConsole` refuses.
   * @returns the URL as the cloud gave it (http, https, ws or wss), token included; not yet checked.
   */
  remoteConsole(id: string): Promise<string>
  close(): Promise<void>
}

/** A failure of the cloud, or on the way to it, with its cause. The message never holds a credential. */
export class CloudError extends Error {
  override readonly name = 'CloudError'
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.detail ?? failure.cause, options)
  }
}
