import { Eye, EyeOff, Lock, Mail, Send } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '../../../../src/wire/channel.ts'
import type { Conversation, ConversationDetail } from '../../../../src/wire/conversation.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { cx } from '../../components/cx.ts'
import { useChannelName } from '../../data/channel-words.ts'
import { useDraft } from '../../data/draft.ts'
import { refusedFile } from '../../data/file-rules.ts'
import { usePreferences } from '../../data/services.ts'
import { WrittenText } from '../conversation/message-text.tsx'
import { askComposer, onComposerWish } from './ask-composer.ts'
import { AssistButton } from './assist-button.tsx'
import { EnvelopeFields } from './envelope-fields.tsx'
import { AttachButton, Files } from './files.tsx'
import { FormatBar } from './format-bar.tsx'
import { InsertArticle } from './insert-article.tsx'
import { LimitLine } from './limit-line.tsx'
import { MacroPicker } from './macro-picker.tsx'
import { PlaceLines } from './place-lines.tsx'
import { ReplyChip } from './reply-chip.tsx'
import { useComposerKeys } from './use-composer-keys.ts'
import { useEnvelope } from './use-envelope.ts'
import { useFiles } from './use-files.ts'
import { offeredFormats, useFormatting } from './use-formatting.ts'
import { useSend } from './use-send.ts'
import { useTypingSign } from './use-typing-sign.ts'

interface ComposerProps {
  conversation: Conversation
  /** null: not known yet; nothing is limited then, and the server has the last word. */
  capabilities: Capabilities | null
  /** Where the customer of a chat is answered who has left it. */
  reachedAt: ConversationDetail['reachedAt']
}

/** There as soon as the conversation is, so that what is typed right after `r` lands here and not among the shortcuts. */
export function Composer({
  erased,
  ...rest
}: ComposerProps & { /** Nobody is there to write to, or about. */ erased: boolean }) {
  const { t } = useTranslation()
  if (!erased) return <OpenComposer {...rest} />
  return (
    <p role="note" className="mx-auto w-full max-w-[860px] px-6 pb-6 text-center text-sm text-soft narrow:px-2">
      {t('refusal.erased')}
    </p>
  )
}

function OpenComposer({ conversation, capabilities, reachedAt }: ComposerProps) {
  const { t, i18n } = useTranslation()
  const [{ sendKey }] = usePreferences()
  const draft = useDraft(conversation.id)
  const { writing, change } = draft
  const box = useRef<HTMLTextAreaElement>(null)
  const written = useRef(writing.text)
  written.current = writing.text
  const [preview, setPreview] = useState(false)
  const [picking, setPicking] = useState(false)
  const note = writing.kind === 'note'
  const channel = useChannelName()(conversation.channel)
  const can = note ? undefined : capabilities?.attachments
  const files = useFiles(
    writing.attachments,
    (attachments) => change({ attachments }),
    (file, held) => refusedFile(t, { channel, can, language: i18n.language }, file, held),
  )
  const letter = useEnvelope({ ...conversation, capabilities }, writing, change)
  const closed = capabilities?.closed !== undefined
  const { canSend, waiting, send } = useSend(conversation, { draft, files, letter, closed })
  const offered = offeredFormats(capabilities, note)
  const formatting = useFormatting(box, offered)
  // What answers one of the chat's own messages goes there.
  const byMail = !!reachedAt?.confirmed && letter !== null && (letter.envelope !== null || writing.replyTo === null)
  useTypingSign(conversation.id, writing.text, note)
  useGrowing(box, writing.text, preview)
  const onKeyDown = useComposerKeys({ sendKey, send, leave: () => box.current?.blur(), format: formatting.onKey })

  useEffect(
    () =>
      onComposerWish((wish) => {
        change({
          ...(wish.kind ? { kind: wish.kind } : {}),
          ...(wish.replyTo === undefined ? {} : { replyTo: wish.replyTo }),
          ...(wish.text ? { text: [written.current.trim(), wish.text].filter(Boolean).join('\n\n') } : {}),
        })
        setPreview(false)
        if (box.current) box.current.focus()
        else requestAnimationFrame(() => box.current?.focus())
      }),
    [change],
  )

  return (
    <section
      aria-label={t(note ? 'composer.noteTo' : 'composer.title')}
      className="mx-auto w-full max-w-[860px] shrink-0 px-6 pb-4 narrow:px-2 narrow:pb-[max(8px,env(safe-area-inset-bottom))]"
      {...files.dropProps}
    >
      <div
        className={cx(
          'group/composer @container rounded-lg border transition-colors duration-150 focus-within:ring-2 focus-within:ring-focus/35',
          note ? 'border-note-line bg-note text-note-text' : 'border-line-strong bg-raised',
          files.dropping && 'ring-2 ring-focus',
        )}
      >
        <ReplyChip
          conversation={conversation}
          writing={writing}
          change={change}
          envelope={letter?.envelope ?? null}
          byMail={byMail}
          canGoPrivate={!note && !closed && capabilities?.privateDoor === true}
        />
        {note ? null : <PlaceLines conversation={conversation} can={capabilities} />}
        {note || !reachedAt?.confirmed ? null : <WayLine byMail={byMail} address={reachedAt.address} />}
        {letter ? <EnvelopeFields hand={letter} /> : null}
        {preview ? (
          <div className="max-h-[40dvh] min-h-11 overflow-y-auto px-3.5 py-2">
            <WrittenText text={writing.text} />
          </div>
        ) : (
          <textarea
            ref={box}
            value={writing.text}
            rows={1}
            dir="auto"
            aria-label={t(note ? 'composer.noteTo' : 'composer.title')}
            placeholder={t(note ? 'composer.notePlaceholder' : 'composer.placeholder')}
            className="block max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-3.5 py-2.5 outline-none narrow:text-lg"
            onChange={(event) => {
              if (event.target.value === '/' && writing.text === '') setPicking(true)
              else change({ text: event.target.value })
            }}
            onKeyDown={onKeyDown}
            onPaste={files.onPaste}
          />
        )}
        <Files files={files} />
        <LimitLine id={conversation.id} channel={conversation.channel} limits={capabilities?.text} writing={writing} />
        <footer className="flex items-center gap-1 p-1.5 narrow:flex-wrap">
          <KindSwitch note={note} onChange={(kind) => change({ kind })} />
          <AttachButton files={files} />
          <MacroPicker
            conversationId={conversation.id}
            open={picking}
            onOpenChange={(open) => {
              setPicking(open)
              if (!open) box.current?.focus()
            }}
            onText={(text) => askComposer({ text })}
          />
          <InsertArticle />
          {closed ? null : <AssistButton conversationId={conversation.id} />}
          <IconButton
            label={t(preview ? 'composer.write' : 'composer.preview')}
            aria-pressed={preview}
            disabled={!writing.text.trim()}
            onClick={() => setPreview(!preview)}
          >
            {preview ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
          </IconButton>
          {preview ? null : <FormatBar offered={offered} onFormat={formatting.apply} />}
          <span className="flex-1" />
          <span
            className={cx(
              'pr-2 text-xs whitespace-nowrap opacity-80 narrow:hidden',
              offered.length > 4 && 'hidden @3xl:inline',
            )}
          >
            {t(sendKey === 'enter' ? 'composer.enterSends' : 'composer.modEnterSends')}
          </span>
          <Button
            look={note ? 'note' : 'primary'}
            disabled={!canSend}
            busy={waiting}
            className="ml-auto"
            onClick={() => send(false)}
          >
            {note ? <Lock className="size-4" /> : <Send className="size-4" />}
            {t(note ? 'composer.addNote' : 'composer.send')}
          </Button>
        </footer>
      </div>
    </section>
  )
}

/** Which way the answer leaves, where there are two. */
function WayLine({ byMail, address }: { byMail: boolean; address: string }) {
  const { t } = useTranslation()
  return (
    <p className="flex items-center gap-1.5 px-3.5 pt-2 text-xs text-faint">
      <Mail aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {byMail ? t('composer.byMail') : t('composer.alsoByMail', { address })}
      </span>
    </p>
  )
}

function KindSwitch({ note, onChange }: { note: boolean; onChange: (kind: 'reply' | 'note') => void }) {
  const { t } = useTranslation()
  return (
    <div
      role="radiogroup"
      aria-label={t('composer.kind')}
      className="mr-1 flex shrink-0 rounded bg-pressed/70 p-0.5 whitespace-nowrap"
    >
      {(['reply', 'note'] as const).map((kind) => {
        const on = (kind === 'note') === note
        return (
          <label
            key={kind}
            className={cx(
              'flex h-7 cursor-pointer items-center gap-1 rounded-sm px-2.5 text-xs transition-colors has-focus-visible:outline-2 has-focus-visible:outline-focus touch:h-10',
              on ? 'bg-raised font-medium text-text shadow-sm' : 'text-soft hover:text-text',
            )}
          >
            <input type="radio" name="kind" className="sr-only" checked={on} onChange={() => onChange(kind)} />
            {kind === 'note' ? <Lock className="size-3" /> : null}
            {t(`composer.${kind}`)}
          </label>
        )
      })}
    </div>
  )
}

function useGrowing(box: React.RefObject<HTMLTextAreaElement | null>, text: string, preview: boolean): void {
  useEffect(() => {
    const area = box.current
    if (!area || preview) return
    area.style.height = 'auto'
    area.style.height = `${text ? area.scrollHeight : 44}px`
  }, [box, text, preview])
}
