/** What readers of the help centre see beside the articles, in their own language. */
export interface HelpWords {
  /** Of the language itself. */
  readonly language: string
  readonly title: string
  readonly search: string
  readonly searchHint: string
  readonly results: (text: string) => string
  readonly nothing: (text: string) => string
  readonly nothingYet: string
  readonly contents: string
  readonly all: (count: number) => string
  readonly fallback: string
  readonly updated: string
  readonly helpful: string
  readonly yes: string
  readonly no: string
  readonly thanks: string
  readonly sorry: string
  readonly missing: string
  readonly missingMeans: string
  readonly home: string
  readonly skip: string
  readonly languages: string
  readonly captions: string
  readonly copy: string
  readonly copied: string
}

const en: HelpWords = {
  language: 'English',
  title: 'Help centre',
  search: 'Search',
  searchHint: 'Search for answers',
  results: (text) => `Results for “${text}”`,
  nothing: (text) => `Nothing found for “${text}”. Try fewer or other words.`,
  nothingYet: 'There are no articles here yet.',
  contents: 'On this page',
  all: (count) => `All ${count} articles`,
  fallback: 'This article is not available in English yet.',
  updated: 'Updated',
  helpful: 'Was this helpful?',
  yes: 'Yes',
  no: 'No',
  thanks: 'Thank you for telling us.',
  sorry: 'Thank you. We will work on it.',
  missing: 'This page is not here',
  missingMeans: 'It may have moved. Search for it, or start from the first page.',
  home: 'To the first page',
  skip: 'Skip to the content',
  languages: 'Language',
  captions: 'English',
  copy: 'Copy',
  copied: 'Copied',
}

const zh: HelpWords = {
  language: '中文',
  title: '帮助中心',
  search: '搜索',
  searchHint: '搜索问题或关键词',
  results: (text) => `“${text}”的搜索结果`,
  nothing: (text) => `没有找到与“${text}”相关的内容，请减少或更换关键词再试。`,
  nothingYet: '这里还没有文章。',
  contents: '本页内容',
  all: (count) => `全部${count}篇文章`,
  fallback: '本文暂无中文版。',
  updated: '更新于',
  helpful: '这篇文章有帮助吗？',
  yes: '有帮助',
  no: '没有帮助',
  thanks: '感谢您的反馈。',
  sorry: '感谢您的反馈，我们会改进。',
  missing: '找不到此页面',
  missingMeans: '页面可能已移动。请搜索，或返回首页。',
  home: '返回首页',
  skip: '跳到正文',
  languages: '语言',
  captions: '中文',
  copy: '复制',
  copied: '已复制',
}

const ja: HelpWords = {
  language: '日本語',
  title: 'ヘルプセンター',
  search: '検索',
  searchHint: 'キーワードや質問で検索',
  results: (text) => `「${text}」の検索結果`,
  nothing: (text) => `「${text}」に一致する記事はありません。語を減らすか、別の言葉でお試しください。`,
  nothingYet: 'まだ記事がありません。',
  contents: 'このページの内容',
  all: (count) => `${count}件の記事をすべて見る`,
  fallback: 'この記事の日本語版はまだありません。',
  updated: '更新日',
  helpful: 'この記事は役に立ちましたか？',
  yes: 'はい',
  no: 'いいえ',
  thanks: 'ご回答ありがとうございます。',
  sorry: 'ご回答ありがとうございます。改善に努めます。',
  missing: 'ページが見つかりません',
  missingMeans: '移動した可能性があります。検索するか、最初のページからお探しください。',
  home: '最初のページへ',
  skip: '本文へ移動',
  languages: '言語',
  captions: '日本語',
  copy: 'コピー',
  copied: 'コピーしました',
}

const ko: HelpWords = {
  language: '한국어',
  title: '고객센터 도움말',
  search: '검색',
  searchHint: '궁금한 내용을 검색하세요',
  results: (text) => `‘${text}’ 검색 결과`,
  nothing: (text) => `‘${text}’에 대한 결과가 없습니다. 단어를 줄이거나 바꿔 보세요.`,
  nothingYet: '아직 등록된 글이 없습니다.',
  contents: '이 페이지의 내용',
  all: (count) => `글 ${count}개 모두 보기`,
  fallback: '이 글은 아직 한국어로 제공되지 않습니다.',
  updated: '업데이트',
  helpful: '도움이 되었나요?',
  yes: '예',
  no: '아니요',
  thanks: '의견을 보내 주셔서 감사합니다.',
  sorry: '의견 감사합니다. 더 나아지도록 하겠습니다.',
  missing: '페이지를 찾을 수 없습니다',
  missingMeans: '옮겨졌을 수 있습니다. 검색하거나 첫 페이지에서 찾아보세요.',
  home: '첫 페이지로',
  skip: '본문으로 건너뛰기',
  languages: '언어',
  captions: '한국어',
  copy: '복사',
  copied: '복사됨',
}

const ru: HelpWords = {
  language: 'Русский',
  title: 'Справочный центр',
  search: 'Найти',
  searchHint: 'Поиск по вопросам',
  results: (text) => `Результаты по запросу «${text}»`,
  nothing: (text) => `По запросу «${text}» ничего не найдено. Попробуйте меньше слов или другие слова.`,
  nothingYet: 'Здесь пока нет статей.',
  contents: 'На этой странице',
  all: (count) => `Все статьи (${count})`,
  fallback: 'Этой статьи пока нет на русском языке.',
  updated: 'Обновлено',
  helpful: 'Помогла ли вам эта статья?',
  yes: 'Да',
  no: 'Нет',
  thanks: 'Спасибо за отзыв.',
  sorry: 'Спасибо за отзыв. Мы это улучшим.',
  missing: 'Такой страницы нет',
  missingMeans: 'Возможно, она перемещена. Воспользуйтесь поиском или начните с первой страницы.',
  home: 'На первую страницу',
  skip: 'Перейти к содержанию',
  languages: 'Язык',
  captions: 'Русский',
  copy: 'Копировать',
  copied: 'Скопировано',
}

const words: Readonly<Record<string, HelpWords>> = { en, zh, ja, ko, ru }

/** English where a language has no words of ours. */
export function helpWords(locale: string): HelpWords {
  return words[locale.split('-')[0] ?? ''] ?? en
}

/** As its speakers call it. */
export function languageName(locale: string): string {
  const own = words[locale]
  if (own) return own.language
  const name = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
