import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import type { Audit } from '../audit/audit.ts'
import type { IdentityService } from '../clouds/identity-service.ts'
import type { SharedCloud } from '../clouds/snapshot.ts'
import type { Config } from '../config.ts'
import { ConfigError } from '../environment.ts'
import type { PublicOrigins } from '../origins.ts'
import type { Store } from '../store/store.ts'
import { IamSignIn } from './iam/iam.ts'
import { iamRoutes } from './iam/routes.ts'
import type { Identity } from './identity.ts'
import type { SignInMode } from './mode.ts'
import { OidcSignIn } from './oidc/oidc.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { proxiedSignIn, serviceSignIn } from './service/service.ts'

interface SignInParts {
  /** The cloud with this server's own credentials, for users who have none of their own. */
  cloud: () => SharedCloud
  /** Signs the cloud's own users in. null: this server cannot do that with this cloud. */
  identityService: (() => IdentityService) | null
  origins: PublicOrigins
  /** Has the sign-ins, for all replicas. */
  store: Store
  /** What all replicas know, and the store does not. null: this process is the only one. */
  replicaSecret: Uint8Array | null
  clock: Clock
  log: FastifyBaseLogger
  /** Asks an OpenID provider */
  fetch: typeof fetch
}

/** A way to sign in, and the routes that only it has. */
export interface OpenedSignIn {
  mode: SignInMode
  /** Each sign-in is recorded in the audit log. */
  routes: (api: FastifyInstance, audit: Audit) => void
  /**
   * Where people open consoles with rights of their own: the person of a sign-in, by its handle. It resolves to null where
   * the sign-in is over. null: this server's own credentials open all.
   */
  personOf: ((signIn: string) => Promise<Identity | null>) | null
}

/** The configured way to sign in. @throws ConfigError if the cloud cannot do it */
export function openSignIn(config: Config, parts: SignInParts): OpenedSignIn {
  const { cloud, identityService, ...common } = parts
  const { signIn: settings } = config
  switch (settings.mode) {
    case 'service': {
      const { proxy } = settings
      const mode = proxy
        ? proxiedSignIn({ cloud: cloud() }, { ...settings, proxy })
        : serviceSignIn({ cloud: cloud() })
      return { mode, routes() {}, personOf: null }
    }
    case 'iam': {
      if (!identityService)
        throw new ConfigError(
          `BMS_CONSOLE_SIGN_IN=iam: this server cannot sign in users of BMS_CONSOLE_CLOUD=${config.cloud.kind}`,
        )
      const mode = new IamSignIn({ service: identityService(), settings, ...common })
      return {
        mode,
        routes: (api, audit) => iamRoutes(api, mode, audit),
        personOf: (signIn) => mode.personOf(signIn),
      }
    }
    case 'oidc': {
      const mode = new OidcSignIn({ cloud: cloud(), settings, ...common })
      return { mode, routes: (api, audit) => oidcRoutes(api, mode, audit), personOf: null }
    }
  }
}
