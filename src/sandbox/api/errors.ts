import { randomBytes } from 'node:crypto'

/** The four shapes of a failure that one and the same endpoint can answer with. */
export type ErrorShape = 'bms' | 'nova' | 'apigw' | 'iam'

/** A failure of the sandbox's API, thrown by a route and sent by the error handler. */
export class ApiFailure extends Error {
  constructor(
    readonly status: number,
    readonly told: { shape?: ErrorShape; code?: string; message?: string },
  ) {
    super(told.message ?? `status ${status}`)
  }
}

interface Words {
  shape: ErrorShape
  code: string
  message: string
}

/** Who usually says this status, and in which words. */
const usual: Readonly<Record<number, Words>> = {
  400: {
    shape: 'bms',
    code: 'BMS.0001',
    message: 'Fail to parse request, reason: the request is not valid.',
  },
  401: {
    shape: 'apigw',
    code: 'APIGW.0301',
    message: 'Incorrect IAM authentication information: decrypt token fail',
  },
  403: {
    shape: 'bms',
    code: 'BMS.0033',
    message: 'Policy does not allow bms:servers:serialConsole to be performed.',
  },
  404: { shape: 'nova', code: '404', message: 'The resource could not be found.' },
  409: {
    shape: 'nova',
    code: '409',
    message: 'Cannot get the serial console of an instance that is not ready: vm_state building',
  },
  429: {
    shape: 'apigw',
    code: 'APIGW.0308',
    message: 'The throttling threshold has been reached: policy user',
  },
  500: { shape: 'nova', code: '500', message: 'Unexpected API Error. Please contact the administrator.' },
}

const apigwCodes: Readonly<Record<number, string>> = {
  400: 'APIGW.0106',
  401: 'APIGW.0301',
  403: 'APIGW.0302',
  404: 'APIGW.0101',
  409: 'APIGW.0601',
  429: 'APIGW.0308',
  500: 'APIGW.0602',
}

const novaNames: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
  429: 'overLimit',
  500: 'computeFault',
}

const bmsCodes: Readonly<Record<number, string>> = {
  400: 'BMS.0001',
  401: 'BMS.0032',
  403: 'BMS.0033',
  404: 'BMS.0018',
  409: 'BMS.0021',
  429: 'BMS.0027',
  500: 'BMS.0030',
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/**
 * The body of a failure: `{error: {code: "BMS.0033", message}}` (bms), `{forbidden: {code: 403, message}}` (nova),
 * `{error_code, error_msg, request_id}` (apigw) or `{error: {code: 401, message, title}}` (iam).
 */
export function errorBody(
  status: number,
  told: { shape?: ErrorShape; code?: string; message?: string } = {},
): object {
  const words = usual[status] ?? { shape: 'nova', code: String(status), message: 'Unexpected error.' }
  const shape = told.shape ?? words.shape
  const message = told.message ?? words.message
  switch (shape) {
    case 'bms':
      return { error: { code: told.code ?? bmsCodes[status] ?? 'BMS.0030', message } }
    case 'nova':
      return { [novaNames[status] ?? 'computeFault']: { code: status, message } }
    case 'apigw':
      return {
        error_code: told.code ?? apigwCodes[status] ?? 'APIGW.0602',
        error_msg: message,
        request_id: randomBytes(16).toString('hex'),
      }
    case 'iam':
      return { error: { code: status, message, title: titles[status] ?? 'Error' } }
  }
}
