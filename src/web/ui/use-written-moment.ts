import { useFormatter } from 'use-intl'

/** Writes the day and the second of a time. */
export function useWrittenMoment(): (time: string) => string {
  const format = useFormatter()
  return (time) =>
    format.dateTime(new Date(time), {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
}
