import type { ServerList } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { PowerProgress } from '../../shared/power.ts'
import type { PowerAction, Server } from '../../shared/server.ts'
import type { ServerAttachments } from '../../shared/server-attachments.ts'
import type { ConsoleCall, ServerFacts } from '../../shared/server-facts.ts'

/** One server with what only an answer about it alone says, and how its console is asked for without us. */
export type DescribedServer = Server & { facts?: ServerFacts; call?: ConsoleCall }

/** A part of a list, as the cloud gave it. */
export interface ServerPage {
  servers: readonly Server[]
  /** How many servers the list will have. null: unknown */
  total: number | null
}

export interface ListWant {
  /**
   * Hears of each page as it comes. The list at the end counts: a server may come again with other facts, and one that
   * came may be missing there. A server that is the same object in both is the same.
   */
  onPage?: ((page: ServerPage) => void) | undefined
}

/** The servers of one project, or of several at once. Every method rejects with a `CloudError` and nothing else. */
export interface Cloud {
  /**
   * All servers, every page merged, in the cloud's order. If some of several projects do not answer, the list has the
   * others' servers and says which projects are missing. If none answers, the first failure is thrown.
   */
  listServers(want?: ListWant): Promise<ServerList>
  /** @throws CloudError `server-not-found` */
  getServer(id: string): Promise<DescribedServer>
  /**
   * The server's network cards and volumes, which cost calls of their own. A part that the cloud does not tell says why.
   * @throws CloudError `server-not-found`
   */
  attachments(id: string): Promise<ServerAttachments>
  /**
   * Asks for a serial console. The caller has already checked `serverCan.openConsole`.
   * @returns the URL as the cloud gave it (http, https, ws or wss), token included; not yet checked.
   */
  remoteConsole(id: string): Promise<string>
  /**
   * Resolves when the cloud has accepted the action, before the action has happened.
   * @returns the cloud's job, for `powerJob`; null: it has none, and only the server's own state tells
   */
  power(id: string, action: PowerAction): Promise<string | null>
  /** How far a job is, as far as it is about this server. */
  powerJob(id: string, job: string): Promise<PowerProgress>
  close(): Promise<void>
}

/** The cloud failed, or the way to it did. The message never holds a credential. */
export class CloudError extends Error {
  override readonly name = 'CloudError'
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.detail ?? failure.cause, options)
  }
}
