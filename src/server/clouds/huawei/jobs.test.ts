import { describe, expect, it } from 'vitest'
import { progressOf, WireJobStatus } from './jobs.ts'

const SERVER = 'server-1'
const sub = (status: string, more: object = {}, server = SERVER) => ({
  status,
  entities: { server_id: server },
  ...more,
})
const read = (job: object) => progressOf(WireJobStatus.parse(job), SERVER)
const job = (status: string, subs: object[], more: object = {}) =>
  read({ status, entities: { sub_jobs_total: subs.length, sub_jobs: subs }, ...more })
const failed = (failure: object) => ({ state: 'failed', failure })

describe('a job', () => {
  it.each(['INIT', 'RUNNING', 'PENDING_PAYMENT', 'a word of tomorrow'])(
    'goes on while it is %s',
    (status) => {
      expect(job(status, [sub(status)])).toEqual({ state: 'running' })
      expect(read({ status })).toEqual({ state: 'running' })
    },
  )

  it('has ended for a server when the job below it about that server has', () => {
    expect(job('RUNNING', [sub('RUNNING', {}, 'server-2'), sub('SUCCESS')])).toEqual({ state: 'done' })
    expect(job('RUNNING', [sub('SUCCESS', {}, 'server-2'), sub('RUNNING')])).toEqual({ state: 'running' })
    expect(job('SUCCESS', [])).toEqual({ state: 'done' })
  })

  it('that failed for one of several has failed for that one only', () => {
    const subs = [sub('FAIL', { fail_reason: 'BMC timeout' }, 'server-2'), sub('SUCCESS')]
    expect(job('FAIL', subs)).toEqual({ state: 'done' })
  })

  it('says why it failed: by its own reason, else by that of the whole', () => {
    const reason = { error_code: 'BMS.3033', fail_reason: 'The IPMI command timed out.' }
    const known = failed({
      cause: 'cloud-error',
      code: 'BMS.3033',
      detail: "The cloud's job failed: The IPMI command timed out.",
    })
    expect(job('FAIL', [sub('FAIL', reason)])).toEqual(known)
    expect(job('FAIL', [sub('FAIL')], reason)).toEqual(known)
    expect(job('FAIL', [sub('INIT')], reason)).toEqual(known)
    expect(job('FAIL', [], { code: 'BMS.3033', message: reason.fail_reason })).toEqual(known)
    expect(job('FAIL', [])).toEqual(
      failed({ cause: 'cloud-error', detail: "The cloud's job failed without a reason." }),
    )
  })

  it('has the cause of its code, which speaks of an action and of no console', () => {
    expect(job('FAIL', [sub('FAIL', { error_code: 'BMS.0036' })])).toMatchObject(
      failed({ cause: 'server-busy', code: 'BMS.0036' }),
    )
    expect(job('FAIL', [sub('FAIL', { error_code: 'BMS.0033' })])).toMatchObject(
      failed({ cause: 'no-permission' }),
    )
  })

  it('is read in the form of the reference’s table, too, which has an array', () => {
    expect(
      read({
        status: 'RUNNING',
        entities: { sub_jobs: [{ ...sub('SUCCESS'), entities: [{ server_id: SERVER }] }] },
      }),
    ).toEqual({
      state: 'done',
    })
    expect(read({ status: 'SUCCESS', entities: { server_id: SERVER } })).toEqual({ state: 'done' })
  })

  it('about other servers only tells nothing', () => {
    expect(job('SUCCESS', [sub('SUCCESS', {}, 'server-2')])).toBeNull()
    expect(read({ status: 'SUCCESS', entities: { server_id: 'server-2' } })).toBeNull()
  })
})
