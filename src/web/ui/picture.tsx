import styles from './picture.module.css'
import pictures from './pictures.svg?no-inline'

/** The pictures of pages that have nothing to show, named after the reason. */
export const pictureNames = [
  'no-servers',
  'no-match',
  'favourites',
  'recent',
  'partly',
  'unreachable',
  'locked',
  'gone',
  'fault',
  'off',
  'recordings',
  'audit',
  'search',
  'history',
] as const
export type PictureName = (typeof pictureNames)[number]

/**
 * Decoration: the words beside it say all of it. The drawings are a file of their own, which a browser fetches with the
 * first picture, and they take their colours from the page's tokens. Until then their place is empty.
 */
export const Picture = ({ name }: { name: PictureName }) => (
  <svg className={styles.picture} viewBox="0 0 200 120" aria-hidden>
    <use href={`${pictures}#${name}`} />
  </svg>
)
