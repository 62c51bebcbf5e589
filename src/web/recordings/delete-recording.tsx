import * as Dialog from '@radix-ui/react-dialog'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { RecordingInfo } from '../../shared/recording.ts'
import { failureOf } from '../api/client.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { deleteRecording } from './queries.ts'

interface DeleteRecordingProps {
  recording: RecordingInfo
  /** Only the icon */
  compact?: boolean
  onDeleted?: () => void
}

/** Deletes after a question. */
export function DeleteRecording({ recording, compact = false, onDeleted }: DeleteRecordingProps) {
  const t = useTranslations('recordings')
  const format = useFormatter()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const { id, serverName: name } = recording
  const deletion = useMutation({
    mutationFn: () => deleteRecording(id),
    onSuccess: async () => {
      setOpen(false)
      onDeleted?.()
      await client.invalidateQueries({ queryKey: ['recordings', 'list'] })
    },
  })
  const started = format.dateTime(new Date(recording.startedAt), { dateStyle: 'medium', timeStyle: 'medium' })
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        deletion.reset()
      }}
    >
      <Dialog.Trigger asChild>
        {compact ? (
          <button type="button" className="icon" title={t('delete')} aria-label={t('deleteOf', { name })}>
            <Trash2 size={16} aria-hidden />
          </button>
        ) : (
          <button type="button" className="button">
            <Trash2 size={15} aria-hidden /> {t('delete')}
          </button>
        )}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog">
          <Dialog.Title>{t('deleteTitle')}</Dialog.Title>
          <Dialog.Description>{t('deleteWarning', { name, started })}</Dialog.Description>
          {deletion.error !== null && <FailureNotice failure={failureOf(deletion.error)} />}
          <div className="choices">
            <Dialog.Close className="button">{t('cancel')}</Dialog.Close>
            <button
              type="button"
              className="button primary"
              disabled={deletion.isPending}
              onClick={() => deletion.mutate()}
            >
              {t('delete')}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
