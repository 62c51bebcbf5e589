import { SignJWT } from 'jose'

/**
 * A new ticket of Ada's, as a portal signs it that shares a secret with the server.
 * @param origin of the server
 * @param claims more of them, and others in place of hers; one is `server`, by its id
 */
export const launchTicket = (
  secret: string,
  origin: string,
  claims: Record<string, unknown>,
): Promise<string> =>
  new SignJWT({ sub: 'u-17', name: 'Ada', role: 'operator', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(origin)
    .setIssuedAt()
    .setExpirationTime('60 s')
    .setJti(crypto.randomUUID())
    .sign(new TextEncoder().encode(secret))
