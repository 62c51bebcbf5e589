import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Copy, Download, FileText } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { RecordingInfo } from '../../shared/recording.ts'
import { failureOf } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { enLogPages } from '../locales/en-logs.ts'
import { withWords } from '../locales/more-words.tsx'
import type { SearchTerms } from '../search/terms.ts'
import { addressOf } from '../search/terms-in-address.ts'
import { formatDuration } from '../ui/duration.ts'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { Size } from '../ui/size.tsx'
import { PageHeader } from '../user/page-header.tsx'
import { DeleteRecording } from './delete-recording.tsx'
import { MatchList } from './match-list.tsx'
import { Player, type PlayerHandle } from './player.tsx'
import { castQuery, recordingQuery, recordingText } from './queries.ts'
import styles from './recordings.module.css'
import { useEndWords } from './use-end-words.ts'

const speeds = [0.5, 1, 2, 5, 10, 50]

interface RecordingPageProps {
  id: string
  /** What is searched in it */
  terms: SearchTerms
  /** Where playing begins, in seconds */
  second: number
  onShow: (terms: SearchTerms, second: number) => void
}

/** Plays, searches and copies one recording. */
function RecordingPage({ id, terms, second, onShow }: RecordingPageProps) {
  const t = useTranslations('recordings')
  const navigate = useNavigate()
  const player = useRef<PlayerHandle>(null)
  const [speed, setSpeed] = useState(1)
  const detail = useQuery(recordingQuery(id))
  const cast = useQuery(castQuery(id))
  const recording = detail.data?.recording
  const error = detail.error ?? cast.error
  useEffect(() => {
    document.title = `${recording?.serverName ?? t('title')} · ${t('title')} · BMS Console`
  }, [t, recording?.serverName])
  return (
    <>
      <PageHeader
        back={
          <Link to="/recordings" search={addressOf(terms)}>
            {t('back')}
          </Link>
        }
      />
      <main className={list.main} id="content">
        {recording && <Facts recording={recording} />}
        {error !== null && (
          <LoadFailure error={error} onRetry={() => Promise.all([detail.refetch(), cast.refetch()])} />
        )}
        {recording && (
          <div className={list.filters}>
            <label className={list.choice}>
              {t('speed')}
              <select value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
                {speeds.map((value) => (
                  <option key={value} value={value}>
                    {t('times', { speed: value })}
                  </option>
                ))}
              </select>
            </label>
            <a className="button" href={paths.recordingCast(id)} download>
              <Download size={15} aria-hidden /> {t('cast')}
            </a>
            <a className="button" href={paths.recordingText(id)} download>
              <FileText size={15} aria-hidden /> {t('text')}
            </a>
            <CopyText id={id} />
            {detail.data?.mayDelete && recording.state !== 'recording' && (
              <DeleteRecording
                recording={recording}
                onDeleted={() => void navigate({ to: '/recordings', search: {} })}
              />
            )}
          </div>
        )}
        {(detail.isPending || cast.isPending) && <p role="status">{t('loading')}…</p>}
        <div className={styles.playback}>
          {cast.data && <Player cast={cast.data} speed={speed} second={second} ref={player} />}
          {recording && (
            <MatchList
              id={id}
              terms={terms}
              onTerms={(next) => onShow(next, second)}
              onJump={(to) => {
                player.current?.jump(to)
                onShow(terms, to)
              }}
            />
          )}
        </div>
      </main>
    </>
  )
}

function Facts({ recording }: { recording: RecordingInfo }) {
  const t = useTranslations('recordings')
  const format = useFormatter()
  const why = useEndWords(recording)
  return (
    <div>
      <h1>{recording.serverName}</h1>
      <p className={list.dim}>
        {format.dateTime(new Date(recording.startedAt), { dateStyle: 'long', timeStyle: 'medium' })}
        {' · '}
        {formatDuration(recording.duration)}
        {' · '}
        <Size bytes={recording.bytes} />
        {' · '}
        {t('who')} {recording.startedBy}
        {' · '}
        {t(`states.${recording.state}`)}
        {recording.lostBytes > 0 && ` · ${t('lost', { count: recording.lostBytes })}`}
      </p>
      {why !== null && <p className={list.dim}>{why}</p>}
    </div>
  )
}

function CopyText({ id }: { id: string }) {
  const t = useTranslations('recordings')
  const causes = useTranslations('causes')
  const [result, setResult] = useState<string | null>(null)
  const copy = async () => {
    setResult(null)
    // Given as a promise: some browsers allow the clipboard only during the click, before the text has come.
    const text = recordingText(id).then((value) => new Blob([value], { type: 'text/plain' }))
    // A clipboard may hide why it got no text.
    const refused = text.then(
      () => null,
      (error: unknown) => failureOf(error),
    )
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })])
      setResult(t('copied'))
    } catch {
      // Not awaited alone: a clipboard may refuse before the text is there.
      const failure = await Promise.race([refused, null])
      setResult(failure ? causes(`${failure.cause}.title`) : t('copyBlocked'))
    }
  }
  return (
    <>
      <button type="button" className="button" onClick={() => void copy()}>
        <Copy size={15} aria-hidden /> {t('copyText')}
      </button>
      <span role="status" className={list.dim}>
        {result}
      </span>
    </>
  )
}

export default withWords(enLogPages, RecordingPage)
