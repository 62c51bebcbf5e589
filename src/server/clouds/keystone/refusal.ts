import type { Failure } from '../../../shared/cause.ts'
import { jsonOf } from '../../json.ts'
import { WireReceipt } from './wire.ts'

/**
 * Finds out whether a code of the user's MFA device is missing or was wrong.
 *
 * If a good password is not enough, Keystone answers 401 with a receipt and the sets of methods that would be enough.
 * https://docs.openstack.org/keystone/latest/user/multi-factor-authentication.html
 *
 * The IAM of Huawei Cloud and Open Telekom Cloud answers 401 as well. Its reference has only `IAM.1061`, "Invalid TOTP
 * passcode" (IAM API reference, "Error codes"). In fact it sends "mfa totp code verify fail", with a wrong code and
 * without one.
 */
export function readSignInRefusal(
  failure: Failure,
  answer: { headers: Headers; body: string },
  codeGiven: boolean,
): Failure {
  if (answer.headers.has('openstack-auth-receipt')) return readReceipt(failure, answer.body)
  const refused = ['signed-out', 'no-permission', 'bad-request'].includes(failure.cause)
  const namesCode = failure.code === 'IAM.1061' || /\b(mfa|totp)\b/i.test(failure.detail ?? '')
  if (!refused || !namesCode) return failure
  return { ...failure, cause: codeGiven ? 'credentials-refused' : 'code-needed' }
}

function readReceipt(failure: Failure, body: string): Failure {
  const wire = WireReceipt.safeParse(jsonOf(body)).data
  if (!wire) return failure
  const missing = wire.required_auth_methods.map((rule) =>
    rule.filter((method) => !wire.receipt.methods.includes(method)),
  )
  if (missing.some((methods) => methods.length === 1 && methods[0] === 'totp')) {
    return { cause: 'code-needed', detail: 'Keystone also asks this user for a one-time code.' }
  }
  const alternatives = missing.map((methods) => methods.join(' and ')).join(', or ')
  return {
    cause: 'credentials-refused',
    detail: `Keystone also asks this user for ${alternatives.slice(0, 200)}, which this sign-in does not support.`,
  }
}
