import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Tokens } from '../tokens.ts'
import { ApiFailure } from './errors.ts'
import { answerFault, answersItself, type Faults } from './faults.ts'

export interface Account {
  domain: string
  user: string
  password: string
  projectId: string
  projectName: string
  region: string
}

const IAM_TOKEN_MS = 24 * 60 * 60_000

const PasswordAuth = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).refine((methods) => methods.includes('password')),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
      }),
    }),
    scope: z.object({
      project: z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]),
    }),
  }),
})

/**
 * IAM, which is Keystone's v3 call: https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 * 201, the token in `X-Subject-Token`, when it ends and the catalog in the body.
 */
export function registerIam(
  app: FastifyInstance,
  options: { account: Account; tokens: Tokens<{ projectId: string }>; faults: Faults; now: () => number },
): void {
  const { account, tokens, faults, now } = options
  app.post('/v3/auth/tokens', async (request, reply) => {
    const fault = faults.take('token')
    if (fault && answersItself(fault)) return answerFault(reply, fault)

    const parsed = PasswordAuth.safeParse(request.body)
    if (!parsed.success) {
      throw new ApiFailure(400, { shape: 'iam', message: 'The request body is invalid.' })
    }
    const { identity, scope } = parsed.data.auth
    const { name, password, domain } = identity.password.user
    if (domain.name !== account.domain || name !== account.user || password !== account.password) {
      throw new ApiFailure(401, { shape: 'iam', message: 'The username or password is wrong.' })
    }
    const project = scope.project
    const known = 'id' in project ? project.id === account.projectId : project.name === account.projectName
    if (!known) throw new ApiFailure(401, { shape: 'iam', message: 'The project is not found.' })

    const issuedAt = now()
    // IAM's tokens are long strings, not UUIDs.
    const { token, expiresAt } = tokens.issue(
      { projectId: account.projectId },
      IAM_TOKEN_MS,
      randomBytes(384).toString('base64url'),
    )
    reply.header('x-subject-token', token)
    return reply.code(201).send({
      token: {
        methods: ['password'],
        issued_at: keystoneDate(issuedAt),
        expires_at: keystoneDate(expiresAt),
        user: {
          id: stableId(account.user),
          name: account.user,
          domain: { id: stableId(account.domain), name: account.domain },
          password_expires_at: '',
        },
        project: {
          id: account.projectId,
          name: account.projectName,
          domain: { id: stableId(account.domain), name: account.domain },
        },
        roles: [{ id: '0', name: 'te_agency' }],
        catalog: ['bms', 'compute'].map((type) => ({
          id: stableId(type),
          type,
          name: type === 'compute' ? 'nova' : type,
          endpoints: [
            {
              id: stableId(`${type}-public`),
              interface: 'public',
              region: account.region,
              region_id: account.region,
              url: `${request.protocol}://${request.host}/v1/${account.projectId}`,
            },
          ],
        })),
      },
    })
  })
}

/** `2026-11-25T10:15:00.123000Z`: Keystone writes microseconds. */
const keystoneDate = (time: number) => new Date(time).toISOString().replace(/Z$/, '000Z')

/** Ids that stay the same from start to start: 32 hexadecimal digits made of the name. */
function stableId(name: string): string {
  return Buffer.from(name.repeat(16)).subarray(0, 16).toString('hex')
}
