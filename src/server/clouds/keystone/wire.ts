import { z } from 'zod'

/** Keeps the items that are as documented, so that one odd item does not cost the rest. */
const readable = <T>(item: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((value) => item.safeParse(value).data ?? []))

const CatalogEndpoint = z.object({
  interface: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
})
const CatalogEntry = z.object({ type: z.string(), endpoints: readable(CatalogEndpoint) })
export type CatalogEntry = z.infer<typeof CatalogEntry>

const Project = z.object({ id: z.string().min(1), name: z.string() })
const Domain = z.object({ id: z.string(), name: z.string() })

const date = z.string().transform(Date.parse).pipe(z.number())

/** The body of `POST` and `GET /v3/auth/tokens`. A token without a scope has neither project nor catalog. */
export const WireToken = z.object({
  token: z.object({
    expires_at: date,
    issued_at: date.nullish().catch(null),
    user: z.object({ id: z.string(), name: z.string(), domain: Domain }),
    project: Project.nullish().catch(null),
    roles: readable(z.object({ name: z.string() })),
    catalog: readable(CatalogEntry),
  }),
})

export const WireProjects = z.object({
  projects: readable(z.object({ id: z.string(), name: z.string(), enabled: z.boolean().catch(true) })),
})

/** `GET /v3/projects`: one project is looked for, so nothing may be missing. */
export const WireNamedProjects = z.object({ projects: z.array(Project) })

/** The 401 for a user who needs another method, too. It comes with the header `Openstack-Auth-Receipt`. */
export const WireReceipt = z.object({
  receipt: z.object({ methods: z.array(z.string()) }),
  required_auth_methods: z.array(z.array(z.string())),
})
