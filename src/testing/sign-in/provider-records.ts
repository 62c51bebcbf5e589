import type { Adapter, AdapterPayload } from 'oidc-provider'

/** For tests: what the provider keeps of one kind, in memory. The provider itself looks at the ends. */
export class ProviderRecords implements Adapter {
  readonly #records = new Map<string, AdapterPayload>()

  async upsert(id: string, record: AdapterPayload): Promise<void> {
    this.#records.set(id, record)
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#records.get(id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#records.values()].find((record) => record.uid === uid)
  }

  /** Belongs to the device flow, which nobody uses here. */
  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const record = this.#records.get(id)
    if (record) record.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    this.#records.delete(id)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, record] of this.#records) if (record.grantId === grantId) this.#records.delete(id)
  }
}
