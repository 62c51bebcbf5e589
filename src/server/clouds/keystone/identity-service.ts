import type { DomainTerm, IamCredentials } from '../../../shared/sign-in.ts'
import { CloudError } from '../cloud.ts'
import { CloudHttp, type CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import { KeystoneAccount, type Places } from './account.ts'
import { Keystone, type Scope } from './keystone.ts'

export interface KeystoneIdentityOptions extends CloudHttpOptions {
  authUrl: string
  /** What the page calls the cloud. */
  name: string
  /** The domain that most users belong to. */
  domain: string | null
  domainTerm: DomainTerm
  /** The scope of the first token. It must at least allow listing the user's projects. */
  scope(domain: string): Scope
  places: Places
  /** Shown to a user whose code was refused together with a user name, if the cloud may want the user id. */
  codeHint?: string
}

/** Sign-in for the users of Keystone, or of an IAM that speaks its API. */
export function keystoneIdentityService(options: KeystoneIdentityOptions): IdentityService {
  const { name, domain, domainTerm, places } = options
  const http = new CloudHttp(options)
  const keystone = new Keystone(options.authUrl, http)

  async function firstToken(credentials: IamCredentials) {
    if (credentials.method === 'token') return keystone.inspect(pasted(credentials.token))
    const { user, password, code } = credentials
    return keystone.authenticate(
      {
        kind: 'password',
        user: isId(user) ? { id: user } : { name: user, domain: { name: credentials.domain } },
        password,
        ...(code === undefined ? {} : { passcode: code }),
      },
      options.scope(credentials.domain),
    )
  }

  return {
    name,
    domain,
    domainTerm,
    async signIn(credentials) {
      const token = await firstToken(credentials).catch((error: unknown) => {
        throw error instanceof CloudError ? refused(error, credentials, options.codeHint) : error
      })
      return new KeystoneAccount(keystone, token, places, credentials.method === 'token')
    },
    async resume({ token: value, pasted }) {
      const token = await keystone.inspect(value).catch((error: unknown) => {
        throw error instanceof CloudError ? ended(error) : error
      })
      return new KeystoneAccount(keystone, token, places, pasted)
    },
    async close() {
      http.close()
    },
  }
}

/** A token goes into a header: text that cannot be sent there is no token. */
function pasted(text: string): string {
  const token = text.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new CloudError({ cause: 'credentials-refused', detail: 'The pasted text is not a token.' })
}

/** Ids have 32 hex digits, those of LDAP users 64. A user may type the id, since some clouds want it with a code. */
const isId = (user: string) => /^([0-9a-f]{32}|[0-9a-f]{64})$/.test(user)

/** A token asked about itself. 401 means that it may not ask, 404 that it is not known: it has ended. */
function ended(error: CloudError): CloudError {
  const { failure } = error
  return failure.cause === 'server-not-found' ? new CloudError({ ...failure, cause: 'signed-out' }) : error
}

function refused(error: CloudError, credentials: IamCredentials, codeHint: string | undefined): CloudError {
  const { failure } = error
  if (credentials.method === 'token') {
    const { failure: why } = ended(error)
    return why.cause === 'signed-out' ? new CloudError({ ...why, cause: 'credentials-refused' }) : error
  }
  if (failure.cause !== 'signed-out' && failure.cause !== 'credentials-refused') return error
  const hint = codeHint && credentials.code !== undefined && !isId(credentials.user) ? ` ${codeHint}` : ''
  return new CloudError({
    ...failure,
    cause: 'credentials-refused',
    detail: `${failure.detail ?? ''}${hint}`,
  })
}
