import { useFormatter } from 'use-intl'

/** A time as the reader writes it. What a cloud sends in place of one is shown as it is. */
export function Moment({ at }: { at: string }) {
  const format = useFormatter()
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return (
    <time dateTime={at} title={at}>
      {format.dateTime(date, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  )
}
