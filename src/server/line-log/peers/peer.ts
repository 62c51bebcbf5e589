/** Another replica, as this one can ask it */
export interface Peer {
  /** New with each start */
  readonly id: string
  /** @returns its answer; null: it does not answer, or not in time, or with too much */
  get(path: string): Promise<PeerAnswer | null>
}

export interface PeerAnswer {
  status: number
  header(name: string): string | undefined
  body: Buffer
}
