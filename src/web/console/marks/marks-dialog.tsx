import { ArrowRight, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { type LineMark, MAX_MARK_TEXT, MAX_MARKS } from '../../../shared/relay-protocol.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { BarDialogProps } from '../bar/bar-item.ts'
import { linesOf } from '../links/lines-of.ts'
import { LinkedRow } from '../links/linked-row.ts'
import { useMayReadLog } from '../older/use-may-read-log.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import styles from './marks.module.css'
import { lineOfRow, rowOf } from './place-of.ts'

/** Marks the line that the person means, and lists those that are marked. */
export default function MarksDialog({ open, onClose, onFocus }: BarDialogProps) {
  const t = useTranslations('marks')
  const { session } = open
  const { marks, may } = useSession(session)
  const mayMark = may?.write !== false
  const [line] = useState(() => meantLine(open))
  const own = line && marks?.find(({ at }) => at === line.at)
  const [text, setText] = useState(own?.text ?? '')
  const isFull = marks !== null && marks.length >= MAX_MARKS && !own
  const why = !mayMark ? 'forbidden' : line === null ? 'noLine' : isFull ? 'full' : null
  const jumps = useJump(open, onClose)
  return (
    <Dialog
      open
      title={t('title')}
      description={t('about')}
      onCancel={onClose}
      onFocus={onFocus}
      cancel={t('close')}
      actions={
        why === null && (
          <button type="submit" form="mark-line" className="button primary">
            {t(own ? 'change' : 'mark')}
          </button>
        )
      }
    >
      {why === null && line ? (
        <form
          id="mark-line"
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            session.mark(line.at, text.trim())
            onClose()
          }}
        >
          <pre>{line.text}</pre>
          <label>
            {t('text')}
            <input value={text} maxLength={MAX_MARK_TEXT} onChange={({ target }) => setText(target.value)} />
          </label>
        </form>
      ) : (
        why && <p role="status">{t(why, { most: MAX_MARKS })}</p>
      )}
      {marks && marks.length > 0 ? (
        <ul className={styles.list} aria-label={t('list')}>
          {marks.map((mark) => (
            <li key={mark.id}>
              <MarkWords open={open} mark={mark} />
              <button
                type="button"
                className="icon"
                aria-label={t('jump', { mark: nameOf(open, mark, t('unnamed')) })}
                title={jumps.why(mark) ?? t('jumpTitle')}
                disabled={jumps.why(mark) !== null}
                onClick={() => jumps.to(mark)}
              >
                <ArrowRight size={16} aria-hidden />
              </button>
              {mayMark && (
                <button
                  type="button"
                  className="icon"
                  aria-label={t('remove', { mark: nameOf(open, mark, t('unnamed')) })}
                  title={t('removeTitle')}
                  onClick={() => session.unmark(mark.id)}
                >
                  <Trash2 size={16} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.none}>{t('none')}</p>
      )}
    </Dialog>
  )
}

function MarkWords({ open, mark }: { open: OpenConsole; mark: LineMark }) {
  const t = useTranslations('marks')
  const format = useFormatter()
  const position = open.session.times.positionAt(mark.at)
  const time = position === null ? null : open.session.times.timeAt(position)
  const facts = t('by', { by: mark.by })
  return (
    <span className={styles.words}>
      <strong>{nameOf(open, mark, t('unnamed'))}</strong>
      <span>
        {time === null
          ? facts
          : `${facts} · ${format.dateTime(time, { dateStyle: 'short', timeStyle: 'medium' })}`}
      </span>
    </span>
  )
}

/** Its own text, or what the line says. */
function nameOf({ terminal, ...open }: OpenConsole, mark: LineMark, unnamed: string): string {
  if (mark.text !== '') return mark.text
  const row = rowOf(mark.at, linesOf({ terminal, ...open }))
  return (row === null ? '' : terminal.screen.lineOf(row).trim()) || unnamed
}

function meantLine(open: OpenConsole): { at: number; text: string } | null {
  const { screen } = open.terminal
  const line = lineOfRow(screen.meantRow, linesOf(open))
  const text = line === null ? '' : screen.lineOf(line.row).trim()
  return line === null || text === '' ? null : { at: line.at, text }
}

/** Goes to a marked line: in the terminal, or in the log where that no longer has it. */
function useJump(open: OpenConsole, onClose: () => void) {
  const t = useTranslations('marks')
  const mayReadLog = useMayReadLog()
  const { terminal, session, older } = open
  const why = (mark: LineMark): string | null => {
    if (terminal.fullScreen) return t('fullScreen')
    if (rowOf(mark.at, linesOf(open)) !== null) return null
    return mayReadLog && session.times.inLog && older.join ? null : t('gone')
  }
  const to = (mark: LineMark) => {
    onClose()
    const row = rowOf(mark.at, linesOf(open))
    if (row === null) {
      older.showFrom(mark.at, true)
      return
    }
    older.close()
    terminal.screen.scrollTo(Math.max(0, row - 2))
    new LinkedRow(terminal, row)
  }
  return { why, to }
}
