import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../../../src/wire/rule.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button, IconButton } from '../../../components/button.tsx'
import { useRuleNames } from '../../../data/rule-names.ts'
import { ruleWords } from '../../../data/rule-words.ts'
import { ConfirmButton } from '../confirm-button.tsx'

interface RuleLineProps {
  rule: Rule
  place: { number: number; first: boolean; last: boolean }
  admin: boolean
  onMove: (by: 1 | -1) => void
  onToggle: () => void
  onRemove: () => Promise<unknown>
}

/** A rule as people say it, and its place among the others. */
export function RuleLine({ rule, place, admin, onMove, onToggle, onRemove }: RuleLineProps) {
  const { t } = useTranslation()
  const { name } = rule
  return (
    <li className="flex items-start gap-3 px-4 py-3 narrow:flex-wrap narrow:px-3">
      <span className="w-5 pt-0.5 text-right text-sm text-faint tabular-nums">{place.number}</span>
      <div className="min-w-0 flex-1 narrow:basis-[calc(100%-2.5rem)]">
        <Title rule={rule} admin={admin} />
        <Sentences rule={rule} />
        {rule.missing.length > 0 ? (
          <p className="flex items-start gap-1.5 pt-1 text-xs text-danger">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
            {t('rules.brokenLead')}
          </p>
        ) : null}
      </div>
      {admin ? (
        <div className="flex shrink-0 items-center narrow:ml-auto">
          <IconButton label={t('rules.up', { name })} disabled={place.first} onClick={() => onMove(-1)}>
            <ArrowUp className="size-4" />
          </IconButton>
          <IconButton label={t('rules.down', { name })} disabled={place.last} onClick={() => onMove(1)}>
            <ArrowDown className="size-4" />
          </IconButton>
          <Button look="quiet" onClick={onToggle}>
            {t(rule.enabled ? 'webhooks.turnOff' : 'webhooks.turnOn')}
          </Button>
          <ConfirmButton label={t('common.remove')} question={t('rules.removeAsk', { name })} onConfirm={onRemove} />
        </div>
      ) : null}
    </li>
  )
}

function Title({ rule, admin }: { rule: Rule; admin: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-2">
      {admin ? (
        <Link
          to="/settings/rules/$id"
          params={{ id: rule.id }}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {rule.name}
        </Link>
      ) : (
        <span className="font-medium [overflow-wrap:anywhere]">{rule.name}</span>
      )}
      {rule.enabled ? null : <Badge>{t('rules.off')}</Badge>}
      {rule.missing.length > 0 ? <Badge tone="danger">{t('rules.broken')}</Badge> : null}
      {rule.stops ? <Badge tone="info">{t('rules.stopsShort')}</Badge> : null}
    </div>
  )
}

export function Sentences({ rule }: { rule: Pick<Rule, 'event' | 'conditions' | 'actions'> }) {
  const { t, i18n } = useTranslation()
  const words = ruleWords(t, i18n.language, useRuleNames())
  const conditions = words.conditions(rule.conditions)
  return (
    <div className="pt-0.5 text-sm text-soft [overflow-wrap:anywhere]">
      <p>{words.event(rule.event)}</p>
      {conditions === null ? null : <p>{t('rules.sentence.given', { conditions })}</p>}
      <p>{t('rules.sentence.does', { actions: words.actions(rule.actions) })}</p>
    </div>
  )
}
