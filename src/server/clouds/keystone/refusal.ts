import type { Failure } from '../../../shared/cause.ts'
import { WireReceipt } from './wire.ts'

/**
 * Whether a code of the user's MFA device is missing, or was wrong.
 *
 * Keystone answers a good password alone with 401, a receipt, and the sets of methods of which one is asked for.
 * https://docs.openstack.org/keystone/latest/user/multi-factor-authentication.html
 *
 * Huawei Cloud's and Open Telekom Cloud's IAM document 401 for it, and no words but those of `IAM.1061`, "Invalid TOTP
 * passcode" (IAM API reference, "Error codes"); what they send is "mfa totp code verify fail", with a wrong code as
 * with none.
 */
export function readSignInRefusal(
  failure: Failure,
  answer: { headers: Headers; body: string },
  codeGiven: boolean,
): Failure {
  if (answer.headers.has('openstack-auth-receipt')) return readReceipt(failure, answer.body)
  const ours = ['signed-out', 'no-permission', 'bad-request'].includes(failure.cause)
  const ofCode = failure.code === 'IAM.1061' || /\b(mfa|totp)\b/i.test(failure.detail ?? '')
  if (!ours || !ofCode) return failure
  return { ...failure, cause: codeGiven ? 'credentials-refused' : 'code-needed' }
}

function readReceipt(failure: Failure, body: string): Failure {
  const wire = WireReceipt.safeParse(json(body)).data
  if (!wire) return failure
  const missing = wire.required_auth_methods.map((rule) =>
    rule.filter((method) => !wire.receipt.methods.includes(method)),
  )
  if (missing.some((methods) => methods.length === 1 && methods[0] === 'totp')) {
    return { cause: 'code-needed', detail: 'Keystone asks this user for a one-time code, too.' }
  }
  const asked = missing.map((methods) => methods.join(' and ')).join(', or ')
  return {
    cause: 'credentials-refused',
    detail: `Keystone also asks this user for ${asked.slice(0, 200)}, with which one cannot sign in here.`,
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
