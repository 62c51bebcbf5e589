import { Eye, EyeOff } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import styles from './sign-in.module.css'

interface SecretFieldProps {
  label: string
  value: string
  onValue: (value: string) => void
  autoComplete: 'current-password' | 'off'
  field: RefObject<HTMLInputElement | HTMLTextAreaElement | null>
  /** For a long secret. Text that is pasted with line ends stays whole. */
  long?: boolean
  maxLength: number
}

/** Hides a secret from people nearby. Its owner may show it. */
export function SecretField(props: SecretFieldProps) {
  const { label, value, onValue, autoComplete, field, long = false, maxLength } = props
  const t = useTranslations('signIn')
  const [visible, setVisible] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const id = useId()
  const hint = useId()
  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  const shared = {
    id,
    value,
    autoComplete,
    maxLength,
    required: true,
    spellCheck: false,
    autoCapitalize: 'off',
    autoCorrect: 'off',
    'aria-describedby': hint,
    onKeyDown: watchCapsLock,
    onKeyUp: watchCapsLock,
    onBlur: () => setCapsLock(false),
  }
  const attach = (element: HTMLInputElement | HTMLTextAreaElement | null) => {
    field.current = element
  }
  const Icon = visible ? EyeOff : Eye
  const toggle = t(visible ? 'hide' : 'show', { what: label })
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.secret}>
        {long ? (
          <textarea
            {...shared}
            ref={attach}
            rows={4}
            className={visible ? undefined : styles.masked}
            onChange={(event) => onValue(event.target.value)}
          />
        ) : (
          <input
            {...shared}
            ref={attach}
            type={visible ? 'text' : 'password'}
            name="password"
            onChange={(event) => onValue(event.target.value)}
          />
        )}
        <button
          type="button"
          className="icon"
          aria-pressed={visible}
          aria-label={t('show', { what: label })}
          title={toggle}
          onClick={() => setVisible(!visible)}
        >
          <Icon size={17} aria-hidden />
        </button>
      </div>
      <small id={hint} role="status">
        {capsLock && !long && t('capsLock')}
      </small>
    </div>
  )
}
