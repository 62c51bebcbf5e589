import { expect, it } from 'vitest'
import { ManualClock } from '../testing/clock.ts'
import { PROJECTS } from './directory.ts'
import { defaultFleet, type ServerFixture } from './fleet.ts'
import { SimulatedMachine } from './machines/simulated-machine.ts'
import { PowerControl } from './power.ts'
import { powerFaultFleet } from './power-fleet.ts'
import { SandboxServer, wireState } from './sandbox-server.ts'

const [web] = defaultFleet()
if (!web) throw new Error('the fleet is empty')

function start() {
  const clock = new ManualClock()
  const power = new PowerControl(clock, 1)
  const server = (fixture: ServerFixture) =>
    new SandboxServer(
      fixture,
      PROJECTS.first,
      (poweredOn) => new SimulatedMachine({ ...fixture, firmware: 'silent', clock, speed: 1, poweredOn }),
    )
  const faulty = Object.fromEntries(
    powerFaultFleet(web as ServerFixture).map((fixture) => [fixture.powerFault, server(fixture)]),
  )
  const of = (fault: string): SandboxServer => {
    const found = faulty[fault]
    if (!found) throw new Error(`no server ${fault}`)
    return found
  }
  const look = (id: string) => power.job(PROJECTS.first.id, id)
  return { clock, power, good: server(web as ServerFixture), of, look }
}

it('takes as long as it is told to, and the server reboots until then', () => {
  const { clock, good } = start()
  const slow = new PowerControl(clock, 1_000, 60_000)
  const id = slow.begin(PROJECTS.first.id, [good], 'soft')
  clock.advance(59_000)
  expect(wireState(good)).toMatchObject({ status: 'REBOOT', 'OS-EXT-STS:task_state': 'rebooting' })
  expect(slow.job(PROJECTS.first.id, id)?.status).toBe('RUNNING')
  clock.advance(1_001)
  expect(wireState(good)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
  expect(slow.job(PROJECTS.first.id, id)?.status).toBe('SUCCESS')
})

it('a job begins, works and ends, and the server shows it, as documented', () => {
  const { clock, power, good, look } = start()
  const began = new Date(clock.now()).toISOString()
  const id = power.begin(PROJECTS.first.id, [good], 'off')
  const expected = (status: string, end_time: string) => ({
    status,
    entities: {
      sub_jobs_total: 1,
      sub_jobs: [
        {
          status,
          entities: { server_id: good.fixture.id },
          job_id: expect.stringMatching(/^[0-9a-f]{32}$/),
          job_type: 'baremetalSingleOperate',
          begin_time: began,
          end_time,
          error_code: null,
          fail_reason: null,
        },
      ],
    },
    job_id: id,
    job_type: 'baremetalBatchOperate',
    begin_time: began,
    end_time,
    error_code: null,
    fail_reason: null,
  })
  expect(look(id)).toEqual(expected('INIT', ''))
  clock.advance(400)
  expect(look(id)).toEqual(expected('RUNNING', ''))
  expect(wireState(good)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' })
  clock.advance(2_600)
  expect(look(id)).toEqual(expected('SUCCESS', new Date(clock.now()).toISOString()))
  expect(wireState(good)).toMatchObject({ status: 'SHUTOFF', 'OS-EXT-STS:task_state': null })
  expect(power.job('another project', id)).toBeNull()
})

it('a job of several servers fails for one, and says for which and why', () => {
  const { clock, power, good, of, look } = start()
  const id = power.begin(PROJECTS.first.id, [good, of('fails')], 'off')
  clock.advance(3_000)
  expect(look(id)).toMatchObject({
    status: 'FAIL',
    error_code: 'BMS.0006',
    entities: {
      sub_jobs_total: 2,
      sub_jobs: [
        { status: 'SUCCESS', fail_reason: null },
        { status: 'FAIL', entities: { server_id: of('fails').fixture.id }, fail_reason: expect.any(String) },
      ],
    },
  })
  expect(of('fails')).toMatchObject({ poweredOn: true, task: null })
})

it('a job that never ends goes on, until a forced reboot takes its place', () => {
  const { clock, power, of, look } = start()
  const server = of('never-ends')
  const id = power.begin(PROJECTS.first.id, [server], 'soft')
  clock.advance(3_600_000)
  expect(look(id)).toMatchObject({ status: 'RUNNING', end_time: '' })
  expect(server.task).toBe('rebooting')
})

it('too many requests are answered once', () => {
  const { power, good, of } = start()
  expect([of('throttled-once'), of('throttled-once'), good].map((server) => power.throttles(server))).toEqual(
    [true, false, false],
  )
})
