import { useMutation } from '@tanstack/react-query'
import { type ComponentProps, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Failure } from '../../shared/cause.ts'
import type { IamCredentials, SignInOffer } from '../../shared/sign-in.ts'
import { failureOf, signInIam } from '../api/client.ts'
import { focusAndSelect } from '../ui/focus.ts'
import { useSignInChanged } from './changed.ts'
import { remembered } from './remembered.ts'
import { SecretField } from './secret-field.tsx'
import styles from './sign-in.module.css'
import { SignInFailure } from './sign-in-failure.tsx'

type IamOffer = Extract<SignInOffer, { mode: 'iam' }>

/** Signs in with a user of the cloud, by password or by token. */
export function IamForm({ offer }: { offer: IamOffer }) {
  const t = useTranslations('signIn')
  const [method, setMethod] = useState<IamCredentials['method']>('password')
  const changed = useSignInChanged()
  const signIn = useMutation({ mutationFn: signInIam, onSuccess: changed })
  const failure = signIn.error === null ? null : failureOf(signIn.error)
  const form = { failure, pending: signIn.isPending || signIn.isSuccess, send: signIn.mutate }
  return (
    <>
      {method === 'password' ? <PasswordForm {...form} offer={offer} /> : <TokenForm {...form} />}
      <button
        type="button"
        className={styles.plain}
        onClick={() => {
          signIn.reset()
          setMethod(method === 'password' ? 'token' : 'password')
        }}
      >
        {t(method === 'password' ? 'useToken' : 'usePassword')}
      </button>
    </>
  )
}

interface FormProps {
  failure: Failure | null
  pending: boolean
  send: (credentials: IamCredentials) => void
}

function PasswordForm({ failure, pending, send, offer }: FormProps & { offer: IamOffer }) {
  const t = useTranslations('signIn')
  const [known] = useState(() => remembered.read())
  const [domain, setDomain] = useState(offer.domain ?? known?.domain ?? '')
  const [user, setUser] = useState(known?.user ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [codeOpen, setCodeOpen] = useState(false)
  const [remember, setRemember] = useState(known !== null)
  const [codeSent, setCodeSent] = useState(false)
  const domainField = useRef<HTMLInputElement>(null)
  const userField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const codeField = useRef<HTMLInputElement>(null)
  const submit = useRef<HTMLButtonElement>(null)
  const codeAsked = failure?.cause === 'code-needed'
  const codeShown = codeOpen || codeAsked

  useEffect(() => {
    // Focuses the first empty field.
    const first = [domainField, userField, passwordField].find((field) => field.current?.value === '')
    first?.current?.focus()
  }, [])
  useEffect(() => {
    if (!failure) return
    if (failure.cause === 'code-needed') {
      setCodeOpen(true)
      // A code works once.
      setCode('')
      codeField.current?.focus()
    } else if (failure.cause === 'credentials-refused') {
      focusAndSelect(passwordField.current)
    } else submit.current?.focus()
  }, [failure])

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (pending) return
        remembered.write(remember ? { domain, user } : null)
        const digits = code.replaceAll(' ', '')
        setCodeSent(digits !== '')
        send({
          method: 'password',
          domain: domain.trim(),
          user: user.trim(),
          password,
          ...(digits === '' ? {} : { code: digits }),
        })
      }}
    >
      {/* Asking for a code is not a failure, unless a code was sent. */}
      {failure && !(codeAsked && !codeSent) && <SignInFailure failure={failure} />}
      <TextField
        label={t(offer.domainTerm)}
        field={domainField}
        name="organization"
        autoComplete="organization"
        value={domain}
        onChange={(event) => setDomain(event.target.value)}
      />
      <TextField
        label={t('user')}
        field={userField}
        name="username"
        autoComplete="username"
        value={user}
        onChange={(event) => setUser(event.target.value)}
      />
      <SecretField
        label={t('password')}
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
        field={passwordField}
        maxLength={1024}
      />
      {codeShown ? (
        <TextField
          label={t('code')}
          hint={t(codeAsked ? 'codeAsked' : 'codeHint')}
          field={codeField}
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          pattern="[0-9 ]{6,12}"
          title={t('codeShape')}
          required={codeAsked}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      ) : (
        <button
          type="button"
          className={styles.plain}
          onClick={() => {
            setCodeOpen(true)
            // The field appears with the next render.
            requestAnimationFrame(() => codeField.current?.focus())
          }}
        >
          {t('haveCode')}
        </button>
      )}
      <label className={styles.tick}>
        <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
        <span>{t(`remember.${offer.domainTerm}`)}</span>
      </label>
      <Submit button={submit} pending={pending} />
    </form>
  )
}

function TokenForm({ failure, pending, send }: FormProps) {
  const t = useTranslations('signIn')
  const [token, setToken] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const submit = useRef<HTMLButtonElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (!failure) return
    if (failure.cause === 'credentials-refused') focusAndSelect(field.current)
    else submit.current?.focus()
  }, [failure])
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        // A token has no white space, but text copied from a terminal may.
        const whole = token.replaceAll(/\s/g, '')
        if (!pending && whole !== '') send({ method: 'token', token: whole })
      }}
    >
      {failure && <SignInFailure failure={failure} />}
      <SecretField
        label={t('token')}
        value={token}
        onValue={setToken}
        autoComplete="off"
        field={field}
        long
        maxLength={33_000}
      />
      <p className={styles.dim}>{t('tokenHint')}</p>
      <Submit button={submit} pending={pending} />
    </form>
  )
}

interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  hint?: string
  field: RefObject<HTMLInputElement | null>
}

function TextField({ label, hint, field, ...rest }: TextFieldProps) {
  const id = useId()
  const hintId = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={field}
        type="text"
        required
        maxLength={256}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        aria-describedby={hint ? hintId : undefined}
        {...rest}
      />
      {hint && <small id={hintId}>{hint}</small>}
    </div>
  )
}

function Submit({ button, pending }: { button: RefObject<HTMLButtonElement | null>; pending: boolean }) {
  const t = useTranslations('signIn')
  return (
    <button type="submit" ref={button} className={`button primary ${styles.submit}`} disabled={pending}>
      {t(pending ? 'signingIn' : 'signIn')}
    </button>
  )
}
