import type { Cloud } from '../clouds/cloud.ts'
import type { SignInMode } from './mode.ts'

/** Mode `service`: the proxy's own credentials, for whoever reaches it. */
export function serviceSignIn({ cloud }: { cloud: Cloud }): SignInMode {
  const user = { id: 'service', name: 'Local user', role: 'admin' } as const
  return {
    identify: () => ({ user, cloud, cloudDecides: false, signIn: null }),
    state: () => ({
      state: 'signed-in',
      user: { name: user.name, role: user.role },
      maySignOut: false,
      projects: null,
    }),
    routes() {},
    async signOut() {
      return { user: null, answer: { continueAt: null } }
    },
    onEnded() {},
    close: () => cloud.close(),
  }
}
