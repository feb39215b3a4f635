import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BotArticle, phrasingsOf } from '../../src/bot/article.ts'
import type { Phrasing } from '../../src/bot/classifier.ts'
import type { Decision } from '../../src/bot/decide.ts'
import { type BotEngine, createBotEngine } from '../../src/bot/engine.ts'
import { modelFromBytes } from '../../src/bot/model-file.ts'
import { trainInThread } from '../../src/bot/train-in-thread.ts'
import { textLanguage } from '../../src/domain/text-language.ts'
import { csvOf, locales, sampleArticles } from './bot-data.ts'
import { checkout } from './place.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { percentile } from './stats.ts'

/** Of these a person must hear: handing over is as right as answering. */
const forPeople = new Set(['stolen-account', 'fake-support', 'phishing-site', 'suspicious-mail'])
const content = join(checkout(), 'content', 'northstar')

type Answers = readonly { readonly question: Phrasing; readonly decision: Decision }[]

/** The shipped articles, asked what was written after the method was fixed. Nothing of it may ever be trained on. */
export async function botSamples(bench: Pick<Bench, 'questions'>): Promise<Line[]> {
  const articles = sampleArticles(content)
  const questions = bench.questions ?? join(content, 'questions')
  if (!articles || !existsSync(questions)) return []
  const model = modelFromBytes(await trainInThread(phrasingsOf(articles)))
  const engine = createBotEngine({ articles, model })
  const times: number[] = []
  const ask = (file: string, locale: string | null) => askAll({ engine, times }, csvOf(join(questions, file)), locale)
  await ask('off-topic.csv', null)
  times.length = 0
  const lines: Line[] = []
  for (const locale of locales) lines.push(verbatimLine(locale, await ask(`${locale}.csv`, locale)))
  lines.push(...strangerLines(await ask('off-topic.csv', null)))
  const written = locales.filter((locale) => existsSync(join(questions, `${locale}-free.csv`)))
  const free = await Promise.all(written.map((locale) => ask(`${locale}-free.csv`, locale)))
  return [...lines, ...(free.length > 0 ? freeLines(free.flat(), articles) : []), timeLine(times)]
}

interface Asking {
  readonly engine: BotEngine
  readonly times: number[]
}

async function askAll(
  { engine, times }: Asking,
  questions: readonly Phrasing[],
  locale: string | null,
): Promise<Answers> {
  const answers: { question: Phrasing; decision: Decision }[] = []
  for (const question of questions) {
    const spoken = locale ?? textLanguage(question.text, { languages: locales, detect: null }) ?? 'en'
    const started = performance.now()
    const decision = await engine.decide({ text: question.text, locale: spoken, misses: 0, askedBack: false })
    times.push(performance.now() - started)
    answers.push({ question, decision })
  }
  return answers
}

function isRight({ question, decision }: Answers[number]): boolean {
  if (decision.do === 'handOver') return forPeople.has(question.category)
  return decision.do === 'answer' && decision.articleId === question.category
}

function isWrong({ question, decision }: Answers[number]): boolean {
  return decision.do === 'answer' && decision.articleId !== question.category
}

function verbatimLine(locale: string, answers: Answers): Line {
  const share = answers.filter(isRight).length / answers.length
  const wrong = answers.filter(isWrong).length
  return {
    goal: 'bot',
    what: `near-verbatim ${locale}, ${answers.length} questions`,
    measured: `${(share * 100).toFixed(1)} %, ${wrong} wrong`,
    bar: '>= 95 % answered, or a person has it',
    result: share >= 0.95 ? 'ok' : 'missed',
  }
}

function strangerLines(answers: Answers): Line[] {
  const count = (what: Decision['do']) => answers.filter(({ decision }) => decision.do === what).length
  const others = `${count('offer')} offered, ${count('askBack')} asked back, ${count('handOver')} handed over`
  const answered = count('answer')
  const line = { goal: 'bot', what: `off topic, ${answers.length} questions`, bar: '0 answered' }
  return [
    { ...line, measured: `${answered} answered`, result: answered === 0 ? 'ok' : 'missed' },
    { goal: 'bot', what: others, measured: '', bar: '', result: 'info' },
  ]
}

function freeLines(answers: Answers, articles: readonly BotArticle[]): Line[] {
  const offered = answers.filter(
    ({ question, decision }) => decision.do === 'offer' && decision.articleIds.includes(question.category),
  )
  const percent = (some: number) => `${((some / answers.length) * 100).toFixed(0)} %`
  const measured = `${percent(answers.filter(isRight).length)} right, ${percent(answers.filter(isWrong).length)} wrong`
  const ids = new Set(articles.map(({ id }) => id)).size
  return [
    { goal: 'bot', what: `free, ${answers.length} about ${ids} articles`, measured, bar: '', result: 'info' },
    { goal: 'bot', what: 'free, among the offered', measured: percent(offered.length), bar: '', result: 'info' },
  ]
}

function timeLine(times: readonly number[]): Line {
  const measured = `p50 ${percentile(times, 50).toFixed(1)} p99 ${percentile(times, 99).toFixed(1)} ms`
  return { goal: 'bot', what: 'one whole decision', measured, bar: '', result: 'info' }
}
