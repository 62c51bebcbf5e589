import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../shared/api.ts'
import { PreferencesAnswer, VersionedPreferences } from '../../shared/preferences.ts'
import { identityOf } from '../access.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { PreferenceKeeper } from '../preferences/preference-store.ts'

/** @param store null: nobody signs in, so each browser keeps its own. */
export function preferenceRoutes(
  instance: FastifyInstance,
  { store }: { store: PreferenceKeeper | null },
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const about = (request: FastifyRequest) => {
    const { user, confined } = identityOf(request)
    if (confined)
      throw new CloudError({
        cause: 'role-forbids',
        detail: 'An embedded console does not have the list that these are for.',
      })
    if (!store)
      throw new CloudError({
        cause: 'bad-request',
        detail: 'Nobody signs in here: each browser keeps its own.',
      })
    return { store, user: user.id }
  }
  const described = {
    tags: ['preferences'],
    description: 'With `BMS_CONSOLE_LINE_LOG_DIR` or `BMS_CONSOLE_REDIS_URL` they survive a restart.',
  }
  api.get(
    '/api/preferences',
    {
      config: { access: 'signed-in' },
      schema: {
        ...described,
        summary: 'Saved views, favourites and recent servers of the asker',
        response: { 200: VersionedPreferences, default: ApiError },
      },
    },
    async (request) => {
      const { store, user } = about(request)
      return store.of(user)
    },
  )
  api.put(
    '/api/preferences',
    {
      config: { access: 'signed-in' },
      schema: {
        ...described,
        summary: 'Keep them, unless they have changed since the given version',
        body: VersionedPreferences,
        response: { 200: PreferencesAnswer, default: ApiError },
      },
    },
    async (request) => {
      const { store, user } = about(request)
      const { version, preferences } = request.body
      return store.keep(user, version, preferences)
    },
  )
}
