import pino from 'pino'
import { Recorder } from '../../server/recordings/recorder.ts'
import type { RecordingSettings } from '../../server/recordings/settings.ts'
import { record } from './recorded-line.ts'

/**
 * For tests: recordings that a server made before the one under test.
 * @param printed servers' names and what they said, oldest first
 * @returns their ids
 */
export async function recordPast(
  settings: RecordingSettings,
  printed: Iterable<readonly [name: string, text: string]>,
): Promise<string[]> {
  const recorder = await Recorder.open({ settings, log: pino({ level: 'silent' }) })
  const ids: string[] = []
  for (const [serverName, text] of printed) {
    const recording = await record(recorder, {
      serverId: `id-of-${serverName}`,
      serverName,
      project: null,
      sessionId: 'session',
      startedBy: 'ops',
      startedById: 'ops-1',
    })
    recording.output(Buffer.from(text))
    await recording.stop()
    ids.push(recording.id)
  }
  await recorder.close()
  return ids
}
