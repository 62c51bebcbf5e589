import pino from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from './config.ts'

/** The log hides these fields, should an object with credentials or tokens ever reach it. */
const redact = {
  paths: [
    '*.password',
    '*.passcode',
    '*.secret',
    '*.token',
    '*.ticket',
    '*.bearer',
    '*.secretKey',
    '*.securityToken',
    '*.url',
    '*.authorization',
    '*.headers',
  ],
  censor: '[secret]',
}

/**
 * The server's log, on its standard output: a line of JSON each, or words for a person.
 * @param to takes the lines instead
 */
export function openLog(
  { level, form }: Config['log'],
  to: { write(line: string): void } = process.stdout,
): pino.Logger {
  const options = { level, redact }
  if (form === 'json') return pino(options, to)
  const colorize = to === process.stdout && process.stdout.isTTY && !process.env.NO_COLOR
  const human = prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,reqId',
    singleLine: true,
  })
  return pino(options, { write: (line: string) => void to.write(human(line)) })
}
