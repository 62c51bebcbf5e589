import 'asciinema-player/dist/bundle/asciinema-player.css'
import { type Player as CastPlayer, create } from 'asciinema-player'
import { type CSSProperties, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { ansiNames } from '../console/terminal/ansi-names.ts'
import { themes } from '../console/terminal/themes.ts'
import { useTheme } from '../settings/settings.ts'
import { guardedCast } from './guarded-cast.ts'
import styles from './player.module.css'

export interface PlayerHandle {
  jump(second: number): void
}

interface PlayerProps {
  /** The asciicast */
  cast: string
  speed: number
  /** Where to begin, in seconds */
  second: number
  ref: Ref<PlayerHandle>
}

/**
 * The player takes speed and colours only when it is created. A change creates a new one, which continues where the old
 * one was.
 */
export function Player({ cast, speed, second, ref }: PlayerProps) {
  const t = useTranslations('recordings')
  const theme = useTheme()
  const place = useRef<HTMLElement>(null)
  const player = useRef<CastPlayer>(null)
  const position = useRef({ second, playing: false })
  const guarded = useMemo(() => guardedCast(cast), [cast])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the player reads the theme's colours from the page
  useEffect(() => {
    if (!place.current) return
    const made = create({ data: guarded }, place.current, {
      speed,
      theme: 'bms-console',
      fit: 'width',
      controls: true,
      preload: true,
      terminalFontFamily: 'ui-monospace, Menlo, "DejaVu Sans Mono", monospace',
    })
    player.current = made
    const at = position.current
    made.addEventListener('play', () => {
      at.playing = true
    })
    for (const stop of ['pause', 'ended'] as const) {
      made.addEventListener(stop, () => {
        at.playing = false
      })
    }
    const goOn = at.playing
    if (at.second > 0) void made.seek(at.second)
    if (goOn) void made.play()
    return () => {
      const { playing } = at
      at.second = made.getCurrentTime()
      made.dispose()
      at.playing = playing
      player.current = null
    }
  }, [guarded, speed, theme])

  useImperativeHandle(ref, () => ({
    jump: (to) => void player.current?.seek(to),
  }))

  return (
    <section ref={place} className={styles.player} style={colours(themes[theme])} aria-label={t('player')} />
  )
}

/** The console's colours, for the player's theme in `player.module.css`. */
function colours(theme: (typeof themes)['dark']): CSSProperties {
  const entries = ansiNames.map((name, index) => [`--player-${index}`, theme[name]])
  return Object.fromEntries([
    ...entries,
    ['--player-foreground', theme.foreground],
    ['--player-background', theme.background],
  ])
}
