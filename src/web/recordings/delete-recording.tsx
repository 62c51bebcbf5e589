import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { RecordingInfo } from '../../shared/recording.ts'
import { failureOf } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { deleteRecording } from './queries.ts'

interface DeleteRecordingProps {
  recording: RecordingInfo
  /** Shows only the icon. */
  compact?: boolean
  onDeleted?: () => void
}

/** Deletes a recording, but asks first. */
export function DeleteRecording({ recording, compact = false, onDeleted }: DeleteRecordingProps) {
  const t = useTranslations('recordings')
  const format = useFormatter()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
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
  const ask = () => {
    deletion.reset()
    setOpen(true)
  }
  return (
    <>
      {compact ? (
        <button
          ref={button}
          type="button"
          className="icon asksDanger"
          aria-haspopup="dialog"
          title={t('delete')}
          aria-label={t('deleteOf', { name })}
          onClick={ask}
        >
          <Trash2 size={16} aria-hidden />
        </button>
      ) : (
        <button ref={button} type="button" className="button asksDanger" aria-haspopup="dialog" onClick={ask}>
          <Trash2 size={15} aria-hidden /> {t('delete')}
        </button>
      )}
      <Dialog
        open={open}
        title={t('deleteTitle')}
        description={t('deleteWarning', { name, started })}
        onCancel={() => setOpen(false)}
        onFocus={() => button.current?.focus()}
        actions={
          <button
            type="button"
            className="button danger"
            disabled={deletion.isPending}
            onClick={() => deletion.mutate()}
          >
            {t('delete')}
          </button>
        }
      >
        {deletion.error !== null && <FailureNotice failure={failureOf(deletion.error)} />}
      </Dialog>
    </>
  )
}
