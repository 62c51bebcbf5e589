import { join } from 'node:path'
import type { Clock } from '../../shared/clock.ts'
import { DiskStore, type DiskStoreOptions } from '../line-log/store/disk-store.ts'
import type { HoldingStore } from '../line-log/store/store.ts'
import type { RecordingSettings } from './settings.ts'

/**
 * The lines' logs in the recordings' folder, where there is no other: they have what is recorded, while it is recorded.
 * @throws ConfigError if another process has the folder
 */
export function openRecordingStore(
  { dir, days, totalMib }: RecordingSettings,
  log: DiskStoreOptions['log'],
  clock: Clock | undefined,
): Promise<HoldingStore> {
  return DiskStore.open({
    dir: join(dir, 'lines'),
    setting: 'BMS_CONSOLE_RECORDINGS_DIR',
    keeps: 'held',
    days,
    totalMib,
    lineMib: totalMib,
    log,
    ...(clock ? { clock } : {}),
  })
}
