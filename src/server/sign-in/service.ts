import type { Cloud } from '../clouds/cloud.ts'
import type { SignInMode } from './mode.ts'

const LOCAL_USER = 'service'

/** Whoever reaches this server where nobody says who it is: several people may be behind that name. */
export const isLocalUser = ({ id }: { id: string }) => id === LOCAL_USER

/** Mode `service`: the proxy's own credentials, for whoever reaches it. */
export function serviceSignIn({ cloud }: { cloud: Cloud }): SignInMode {
  const user = { id: LOCAL_USER, name: 'Local user', role: 'admin' } as const
  return {
    identify: () => ({ user, cloud, cloudDecides: false, signIn: null }),
    state: () => ({
      state: 'signed-in',
      user: { name: user.name, role: user.role },
      maySignOut: false,
      projects: null,
    }),
    routes() {},
    onEnded() {},
    close: () => cloud.close(),
  }
}
