import type { Failure } from '../shared/cause.ts'

/**
 * A failure as the log has it: with the cloud's own reason, for the operator to whom the page sends people. The cloud's
 * clients have taken all secrets out of it.
 */
export const loggedFailure = ({ cause, fault, detail, code, requestId, permission }: Failure) => ({
  cause,
  fault,
  detail,
  code,
  cloudRequest: requestId,
  permission,
})
