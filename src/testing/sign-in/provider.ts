import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { type Configuration, Provider } from 'oidc-provider'
import { ProviderRecords } from './provider-records.ts'

/** The provider's people. None has a password. */
const people = {
  alice: { name: 'Alice Adams', groups: ['staff', 'admins'] },
  bob: { name: 'Bob Brown', groups: ['operators'] },
  eve: { name: 'Eve Evans', groups: ['viewers'] },
  mallory: { name: 'Mallory Moss', groups: [] },
}
type Person = keyof typeof people
const isPerson = (name: string): name is Person => Object.hasOwn(people, name)

export interface TestProviderOptions {
  /** Our `/api/sign-in/oidc/callback` and `/sign-in`; read when the provider is asked, as ports are known late. */
  origins: () => readonly string[]
  clientSecret?: string
  /** `userinfo`: the ID token says who it is and nothing else, as the standard has it. */
  claimsIn?: 'id-token' | 'userinfo'
  /** False: the provider has no sign-out of its own. */
  signOut?: boolean
}

export interface TestProvider {
  issuer: string
  clientId: string
  /** Method and path of each request */
  asked: string[]
  /** Codes and access tokens that it gave. */
  secrets: string[]
  /** Set to true: it answers nobody. */
  down: boolean
  close(): Promise<void>
}

const CLIENT_ID = 'bms-console'

/** Made once: it takes its time. */
const keys = generateKeyPair('RS256', { extractable: true })

/**
 * For tests: an OpenID provider on this machine, with a page to sign in at. It is called `localhost`, so that for a
 * browser it is another site than `127.0.0.1`, where the product is. It insists on PKCE.
 */
export async function startTestProvider(options: TestProviderOptions): Promise<TestProvider> {
  const asked: string[] = []
  const secrets: string[] = []
  const server = createServer(async (request, response) => {
    if (testProvider.down) {
      request.socket.destroy()
      return
    }
    asked.push(`${request.method} ${request.url?.split('?')[0]}`)
    const { provider, answer } = await start()
    if (request.url?.startsWith('/interaction/')) await interact(provider, request, response)
    else await answer(request, response)
  })
  server.listen(0)
  await once(server, 'listening')
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`

  let started: Promise<{ provider: Provider; answer: ReturnType<Provider['callback']> }> | undefined
  /** Not before it is asked: only then is it sure where the product is. */
  const start = () => {
    started ??= configuration(options, issuer).then((configured) => {
      const provider = new Provider(issuer, configured)
      provider.on('authorization_code.saved', ({ jti }) => void secrets.push(jti))
      provider.on('access_token.saved', ({ jti }) => void secrets.push(jti))
      return { provider, answer: provider.callback() }
    })
    return started
  }
  const testProvider: TestProvider = {
    down: false,
    issuer,
    clientId: CLIENT_ID,
    asked,
    secrets,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return testProvider
}

async function configuration(
  { origins, clientSecret, claimsIn = 'id-token', signOut = true }: TestProviderOptions,
  issuer: string,
): Promise<Configuration> {
  return {
    jwks: {
      keys: [{ ...(await exportJWK((await keys).privateKey)), use: 'sig', alg: 'RS256', kid: 'test' }],
    },
    clients: [
      {
        client_id: CLIENT_ID,
        ...(clientSecret
          ? { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic' as const }
          : { token_endpoint_auth_method: 'none' as const }),
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: origins().map((origin) => `${origin}/api/sign-in/oidc/callback`),
        post_logout_redirect_uris: origins().map((origin) => `${origin}/sign-in`),
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    conformIdTokenClaims: claimsIn === 'userinfo',
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    adapter: ProviderRecords,
    ttl: {
      Interaction: 3600,
      Session: 3600,
      Grant: 3600,
      AuthorizationCode: 60,
      AccessToken: 3600,
      IdToken: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: signOut,
        logoutSource(context, form) {
          context.body = html(
            `<h1>Sign out of ${issuer}?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
          )
        },
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    // The grant was agreed on beforehand, as in a company.
    async loadExistingGrant({ oidc: { provider, client, account, params, session } }) {
      if (!client || !account) return undefined
      const agreed = session?.grantIdFor(client.clientId)
      if (agreed) return provider.Grant.find(agreed)
      const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId })
      grant.addOIDCScope(String(params?.scope ?? ''))
      await grant.save()
      return grant
    },
    findAccount: (_context, id) =>
      isPerson(id)
        ? { accountId: id, claims: () => ({ sub: id, preferred_username: id, ...people[id] }) }
        : undefined,
  }
}

const html = (body: string) =>
  `<!doctype html><html lang="en"><title>Test provider</title><body>${body}</body></html>`

/** The page to sign in at, and what is sent from there. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  try {
    await provider.interactionDetails(request, response)
    if (request.method !== 'POST') {
      response
        .setHeader('content-type', 'text/html')
        .end(
          html(
            '<h1>Test provider</h1><form method="post"><label>User <input name="user"></label> <button>Continue</button> <button name="cancel" value="yes">Cancel</button></form>',
          ),
        )
      return
    }
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const sent = new URLSearchParams(body)
    await provider.interactionFinished(
      request,
      response,
      sent.has('cancel')
        ? { error: 'access_denied', error_description: 'The person went away' }
        : { login: { accountId: sent.get('user') ?? '' } },
    )
  } catch (error) {
    response.writeHead(400).end(String(error))
  }
}
