import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { enList } from '../../locales/en-list.ts'
import { MoreWords } from '../../locales/more-words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { columnName } from './column-name.ts'
import { columns as all, type Column, usualColumns } from './columns.ts'
import styles from './columns-dialog.module.css'

interface ColumnsDialogProps {
  /** The chosen ones, in their order */
  columns: readonly Column[]
  onChoose: (columns: readonly Column[] | null) => void
  onClose: () => void
}

/** Which columns the list has, and in which order. The table behind it follows at once. */
export default function ColumnsDialog(props: ColumnsDialogProps) {
  return (
    <MoreWords english={{ list: enList }}>
      <Choice {...props} />
    </MoreWords>
  )
}

function Choice({ columns, onChoose, onClose }: ColumnsDialogProps) {
  const t = useTranslations('list')
  const names = useTranslations('servers')
  const rows = [...columns, ...all.filter((column) => !columns.includes(column))]
  const move = (column: Column, by: 1 | -1) => {
    const at = columns.indexOf(column)
    const next = columns.filter((each) => each !== column)
    next.splice(at + by, 0, column)
    onChoose(next)
  }
  return (
    <Dialog
      open
      title={t('columns')}
      description={t('columnsAbout')}
      onCancel={onClose}
      cancel={t('close')}
      actions={
        <button
          type="button"
          className="button"
          onClick={() => onChoose(null)}
          disabled={columns.join() === usualColumns.join()}
        >
          {t('usualColumns')}
        </button>
      }
    >
      <ul className={styles.columns}>
        {rows.map((column, index) => {
          const name = columnName(names, column)
          const chosen = index < columns.length
          return (
            <li key={column}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen}
                  onChange={() =>
                    onChoose(chosen ? columns.filter((each) => each !== column) : [...columns, column])
                  }
                />
                {name}
              </label>
              {chosen &&
                ([-1, 1] as const).map((by) => (
                  <button
                    key={by}
                    type="button"
                    className="icon"
                    aria-label={t(by < 0 ? 'moveUp' : 'moveDown', { name })}
                    disabled={columns[index + by] === undefined}
                    onClick={() => move(column, by)}
                  >
                    {by < 0 ? <ArrowUp size={16} aria-hidden /> : <ArrowDown size={16} aria-hidden />}
                  </button>
                ))}
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
