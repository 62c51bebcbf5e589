import { Link } from '@tanstack/react-router'
import { Download, FileText } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import type { RecordingList, RecordingState } from '../../shared/recording.ts'
import { paths } from '../api/paths.ts'
import { formatDuration } from '../ui/duration.ts'
import list from '../ui/list.module.css'
import { Size } from '../ui/size.tsx'
import { DeleteRecording } from './delete-recording.tsx'
import styles from './recordings.module.css'
import { useEndWords } from './use-end-words.ts'

interface RecordingRowProps {
  recording: RecordingList['recordings'][number]
}

const tones = {
  recording: 'bad',
  complete: 'ok',
  'size-limit': 'warn',
  'write-failed': 'warn',
  interrupted: 'warn',
} as const satisfies Record<RecordingState, string>

/** A recording, and what can be done with it. */
export function RecordingRow({ recording }: RecordingRowProps) {
  const t = useTranslations('recordings')
  const format = useFormatter()
  const why = useEndWords(recording)
  const { id, serverName: name, part, state, mayDelete } = recording
  const page = { to: '/recordings/$recordingId', params: { recordingId: id } } as const
  return (
    <tbody className={list.card}>
      <tr className={list.row}>
        <th scope="row" data-label={t('server')} className={styles.server}>
          <Link {...page} className={list.name}>
            {name}
          </Link>
          {part > 1 && <small>{t('part', { number: part })}</small>}
        </th>
        <td data-label={t('started')}>
          <time dateTime={recording.startedAt}>
            {format.dateTime(new Date(recording.startedAt), { dateStyle: 'medium', timeStyle: 'medium' })}
          </time>
        </td>
        <td data-label={t('duration')} className={list.number}>
          {formatDuration(recording.duration)}
        </td>
        <td data-label={t('size')} className={list.number}>
          <Size bytes={recording.bytes} />
        </td>
        <td data-label={t('state')}>
          <span className={list.state} data-tone={tones[state]} title={why ?? undefined}>
            {t(`states.${state}`)}
          </span>
          {recording.lostBytes > 0 && <small>{t('lost', { count: recording.lostBytes })}</small>}
        </td>
        <td data-label={t('who')}>{recording.startedBy}</td>
        <td data-label={t('actions')}>
          <span className={styles.actions}>
            <a
              className="icon"
              href={paths.recordingCast(id)}
              download
              title={t('cast')}
              aria-label={t('castOf', { name })}
            >
              <Download size={16} aria-hidden />
            </a>
            <a
              className="icon"
              href={paths.recordingText(id)}
              download
              title={t('text')}
              aria-label={t('textOf', { name })}
            >
              <FileText size={16} aria-hidden />
            </a>
            {mayDelete && state !== 'recording' && <DeleteRecording recording={recording} compact />}
          </span>
        </td>
      </tr>
    </tbody>
  )
}
