import type { ServerList } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { PowerAction, Server } from '../../shared/server.ts'

/** The servers of one project, or of several at once. Every method rejects with a `CloudError` and nothing else. */
export interface Cloud {
  /**
   * All servers, every page merged, in the cloud's order. Of several projects those that answer are given, with the
   * failures of the others; where none answers, the first failure is thrown.
   */
  listServers(): Promise<ServerList>
  /** @throws CloudError `server-not-found` */
  getServer(id: string): Promise<Server>
  /**
   * Asks for a serial console. The caller has already refused what `serverCan.openConsole` refuses.
   * @returns the URL as the cloud gave it (http, https, ws or wss), token included; not yet checked.
   */
  remoteConsole(id: string): Promise<string>
  /** @returns when the cloud has accepted it, which is before it has happened */
  power(id: string, action: PowerAction): Promise<void>
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
