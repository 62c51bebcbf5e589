import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import type { Cloud } from '../clouds/cloud.ts'
import type { IdentityService } from '../clouds/identity-service.ts'
import type { Config } from '../config.ts'
import { ConfigError } from '../environment.ts'
import type { PublicOrigins } from '../origins.ts'
import { IamSignIn } from './iam.ts'
import type { SignInMode } from './mode.ts'
import { OidcSignIn } from './oidc.ts'
import { proxiedSignIn, serviceSignIn } from './service.ts'

interface SignInParts {
  /** The cloud with this server's own credentials: asked for where users have none of their own. */
  cloud: () => Cloud
  /** Whoever knows the cloud's users; null: this cloud's are not known here. */
  identityService: (() => IdentityService) | null
  origins: PublicOrigins
  clock: Clock
  log: FastifyBaseLogger
}

/** The configured way to sign in. @throws ConfigError where the cloud cannot do it */
export function openSignIn(config: Config, parts: SignInParts): SignInMode {
  const { cloud, identityService, origins, clock, log } = parts
  const { signIn: settings } = config
  switch (settings.mode) {
    case 'service': {
      const { proxy } = settings
      return proxy
        ? proxiedSignIn({ cloud: cloud() }, { ...settings, proxy })
        : serviceSignIn({ cloud: cloud() })
    }
    case 'iam':
      if (!identityService)
        throw new ConfigError(
          `BMS_CONSOLE_SIGN_IN=iam: this server cannot sign in users of BMS_CONSOLE_CLOUD=${config.cloud.kind}`,
        )
      return new IamSignIn({ service: identityService(), settings, origins, clock, log })
    case 'oidc':
      return new OidcSignIn({ cloud: cloud(), settings, origins, clock, log })
  }
}
