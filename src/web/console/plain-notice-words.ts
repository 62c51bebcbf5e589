import { useTranslations } from 'use-intl'
import type { PlainNotice } from './session/line-notice.ts'
import { nameOf, type Viewers, writerOf } from './session/viewers.ts'
import { useViewerName } from './sharing/viewer-name.ts'

export interface NoticeWords {
  title: string
  next: string
}

/** The words of a notice that is not a failure. A failure has those of its cause. */
export function usePlainWords(
  viewers: Viewers | null,
  fullScreen: boolean,
): (notice: PlainNotice) => NoticeWords {
  const t = useTranslations('console')
  const viewerName = useViewerName()
  return (notice) => {
    switch (notice.kind) {
      case 'not-writer': {
        if (!notice.mayTake) return { title: t('mayNotWrite'), next: t('mayNotWriteNext') }
        const writer = writerOf(viewers)
        const name = writer && viewers ? viewerName(nameOf(writer, viewers.all)) : t('nobody')
        return { title: t('notWriter'), next: t('notWriterNext', { name }) }
      }
      case 'unanswered':
        return {
          title: t(`unansweredBy.${notice.doubt.by}.title`),
          next: t(`unansweredBy.${notice.doubt.by}.next`),
        }
      case 'silent':
        return {
          title: t('silentTitle'),
          next: t(notice.keyboard === 'ours' ? 'silentNext' : 'silentWatching'),
        }
      case 'quiet':
        if (notice.keyboard !== 'ours') return { title: t('quietTitle'), next: t('quietWatching') }
        return { title: t('quietTitle'), next: t(fullScreen ? 'quietFullScreen' : 'quietNext') }
      case 'off':
        return { title: t('silentOffTitle'), next: t('silentOffNext') }
      case 'building':
        return { title: t('buildingTitle'), next: t('buildingNext') }
      case 'ended':
        return notice.by === 'you'
          ? { title: t('userEnded'), next: t('userEndedNext') }
          : { title: t('youEnded'), next: t('youEndedNext') }
    }
  }
}
