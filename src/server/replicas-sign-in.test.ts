import { describe, expect, it, onTestFinished } from 'vitest'
import { paths } from '../shared/api.ts'
import { SignInState } from '../shared/sign-in.ts'
import { isInstalled } from '../testing/installed.ts'
import { Balancer } from '../testing/replicas/balancer.ts'
import { startReplicas } from '../testing/replicas/servers.ts'
import { joinAt, ticketAt } from '../testing/replicas/viewer.ts'
import { atProvider, begin, landing } from '../testing/sign-in/oidc.ts'
import { startTestProvider } from '../testing/sign-in/provider.ts'
import { RoamingBrowser } from '../testing/sign-in/roaming-browser.ts'
import { CloudError } from './clouds/cloud.ts'

const patient = { timeout: 10_000 }

/** A browser that keeps no connection, so that a balancer sends each of its requests to the next replica. */
class HoppingBrowser extends RoamingBrowser {
  override request(to: string | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('connection', 'close')
    return super.request(to, { ...init, headers })
  }

  get cookie(): string {
    return [...this.cookies('127.0.0.1')].map((pair) => pair.join('=')).join('; ')
  }

  post(url: string, body: object): Promise<Response> {
    const headers = { origin: new URL(url).origin, 'content-type': 'application/json' }
    return this.request(url, { method: 'POST', headers, body: JSON.stringify(body) })
  }
}

const stateOf = async (browser: RoamingBrowser, origin: string) =>
  SignInState.parse(await (await browser.request(origin + paths.signIn())).json()).state

/** As they are at two requests in turn, and so at each replica */
const statesOf = async (browser: RoamingBrowser, origin: string) => [
  await stateOf(browser, origin),
  await stateOf(browser, origin),
]

/** Two whole servers behind a balancer that gives each connection to the next of them */
async function behindBalancer(env: NodeJS.ProcessEnv) {
  const balancer = await Balancer.start()
  onTestFinished(() => balancer.close())
  const own = { BMS_CONSOLE_PUBLIC_ORIGINS: balancer.origin, ...env }
  const { servers } = await startReplicas(2, [own, own])
  balancer.use(servers.map(({ port }) => port))
  /** Opens the console of a server, by whichever replica it gets. */
  const open = async ({ cookie }: HoppingBrowser, serverId: string) => {
    const issued = await ticketAt(balancer.origin, serverId, { cookie })
    const viewer = await joinAt(balancer.origin, issued, `client-of-${serverId}`, { cookie })
    await expect.poll(() => viewer.said('state').at(-1)?.gateway, patient).toBe('open')
    return viewer
  }
  const causeOf = (viewer: Awaited<ReturnType<typeof joinAt>>) => viewer.said('closing').at(-1)?.failure.cause
  return { servers, origin: balancer.origin, open, causeOf }
}

describe.skipIf(!isInstalled('redis-server'))('two whole servers behind a balancer', () => {
  it('are one to a user of an OpenID provider, from the sign-in to the sign-out', async () => {
    let origin = ''
    const provider = await startTestProvider({ origins: () => [origin] })
    onTestFinished(() => provider.close())
    const two = await behindBalancer({
      BMS_CONSOLE_SIGN_IN: 'oidc',
      BMS_CONSOLE_OIDC_ISSUER: provider.issuer,
      BMS_CONSOLE_OIDC_CLIENT_ID: provider.clientId,
      BMS_CONSOLE_OPERATOR_GROUPS: 'operators',
    })
    ;({ origin } = two)
    const bob = new HoppingBrowser()
    // One replica sends Bob to the provider, and the other takes the answer.
    const back = await atProvider(bob, await begin(bob, origin), { user: 'bob' })
    expect(landing(await bob.request(back), origin)).toBe('/servers')
    expect(await statesOf(bob, origin)).toEqual(['signed-in', 'signed-in'])
    const viewers = [await two.open(bob, 'server-1'), await two.open(bob, 'server-2')]
    // Who has no cookie is nobody at both.
    expect(await statesOf(new HoppingBrowser(), origin)).toEqual(['signed-out', 'signed-out'])

    expect((await bob.post(origin + paths.signOut(), { everywhere: false })).status).toBe(200)
    expect(await statesOf(bob, origin)).toEqual(['signed-out', 'signed-out'])
    await expect.poll(() => viewers.map(two.causeOf), patient).toEqual(['sign-in-needed', 'sign-in-needed'])
  })

  describe('with users of the cloud', () => {
    const env = { BMS_CONSOLE_SIGN_IN: 'iam', BMS_CONSOLE_OPERATOR_GROUPS: 'te_admin' }

    async function signedIn() {
      const two = await behindBalancer(env)
      const services = two.servers.map(({ identityService }) => identityService)
      const ann = new HoppingBrowser()
      const credentials = { method: 'password', domain: 'acme', user: 'ann', password: 'right' }
      expect((await ann.post(two.origin + paths.signInIam(), credentials)).status).toBe(200)
      return { ...two, services, ann }
    }

    it('let who signed in at one work at both, and both forget who signs out everywhere', async () => {
      const { ann, origin, open, causeOf, services } = await signedIn()
      expect(await statesOf(ann, origin)).toEqual(['signed-in', 'signed-in'])
      const viewers = [await open(ann, 'server-1'), await open(ann, 'server-2')]
      // One asked for the password, the other for nothing.
      expect(services.map(({ calls }) => calls[0]).sort()).toEqual(['resume ann', 'sign in ann'])
      await ann.post(origin + paths.signOut(), { everywhere: true })
      expect(await statesOf(ann, origin)).toEqual(['signed-out', 'signed-out'])
      await expect.poll(() => viewers.map(causeOf), patient).toEqual(['sign-in-needed', 'sign-in-needed'])
    })

    it('both tell of a token that the cloud no longer takes, whichever of them hears of it', async () => {
      const { ann, origin, open, causeOf, services } = await signedIn()
      const viewers = [await open(ann, 'server-1'), await open(ann, 'server-2')]
      for (const service of services) service.failure = new CloudError({ cause: 'signed-out' })
      const refused = await ann.request(origin + paths.servers())
      expect(refused.status).toBe(401)
      expect(await statesOf(ann, origin)).toEqual(['signed-out', 'signed-out'])
      await expect.poll(() => viewers.map(causeOf), patient).toEqual(['sign-in-needed', 'sign-in-needed'])
    })
  })
})
