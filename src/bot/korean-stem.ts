/** As in `ㅂ니다`: the last consonant of what goes before. */
const finals: Readonly<Record<string, string>> = { ㄴ: 'ᆫ', ㄹ: 'ᆯ', ㅁ: 'ᆷ', ㅂ: 'ᆸ', ㅆ: 'ᆻ' }

const vowel = '(?<=[ᅡ-ᅵ])'
const consonant = '(?<=[ᆨ-ᇂ])'
/** One syllable of its own, where two stay: 키가 and 추가 cannot be told apart. */
const twoStay = '(?<=[ᄀ-ᄒ][ᅡ-ᅵ][ᆨ-ᇂ]?[ᄀ-ᄒ][ᅡ-ᅵ][ᆨ-ᇂ]?)'

/** What follows nouns, and what makes a sentence of one. */
const particles = [
  ...anywhere(
    '에서 에서는 에는 에게 한테 께서 까지 부터 보다 처럼 마다 하고 예요 이에요 인가요 입니까 입니다 인데요 인데',
  ),
  ...anywhere('인지요 인지 이라고 이라는데 이래요 이라도 이고 이죠 이요 이랑 으로 으로는'),
  ...anywhere('은 이 을 과').map((one) => consonant + one),
  ...anywhere('는 를 랑').map((one) => vowel + one),
  ...anywhere('가 로').map((one) => twoStay + vowel + one),
  ...anywhere('도 만 의 에').map((one) => twoStay + one),
]

/** Of verbs: the polite and the plain, the asking, the reporting. */
const verbEndings = [
  ...anywhere(
    '습니다 ㅂ니다 습니까 ㅂ니까 습니다만 ㅂ니다만 네요 네 는데요 는데 ㄴ데요 ㄴ데 은데요 은데 던데요 나요 을까요 ㄹ까요 을까 ㄹ까',
  ),
  ...anywhere(
    '는가요 은가요 ㄴ가요 는지요 은지요 ㄴ지요 는지 은지 ㄴ지 을지 ㄹ지 ㄹ게요 을게요 지요 죠 거든요 더라고요 군요 는군요 더니',
  ),
  ...anywhere(
    '다고요 다고 ㄴ다고 는다고 라고요 라고 다는데요 라는데요 다네요 라네요 대요 ㄴ대요 는대요 래요 라는데 다는데 ㄴ다는데',
  ),
  ...anywhere(
    '세요 으세요 십시오 으십시오 시기 으려면 려면 려고요 려고 으려고 려는데 으면 고요 서요 니까요 니까 으니까 지만 도록',
  ),
  ...anywhere('은 을 던 어도 아도 어야 아야 어요 아요 여요 어서 아서 자마자 면서 라면 어 아').map(
    (one) => consonant + one,
  ),
  ...anywhere('어도 아도 어요 아요 어서 아서 자마자 면서 다 ㄴ다 는다'),
  ...anywhere('서 고 면 게 는 지 기 나 도').map((one) => twoStay + one),
]

const afterNouns = ending(particles)
const afterVerbs = ending(verbEndings)
/** After a vowel that an ending made: not that of 필요. */
const polite = ending(['(?<=[ᅡᅢᅥᅧᅪᅫᅯ])요'])
/** Past, intention and respect, which stand before an ending. */
const between = ending(['었', '았', '였', 'ㅆ', '겠', '으시', '으셨'])
/** What says "that does": 보낸, 보낼 and 보내. Nouns that end alike lose it too, wherever they stand. */
const relative = new RegExp('(?<=(?:하|되|오|내|지|리|기|히|키|나|보|주|빼|가|치|우|추)[ᆫᆯᆷ])$'.normalize('NFD'))
/** To do, to become: "변경" and "변경했어요" are one matter. */
const light = ending(anywhere('하 되 당하 시키 드리 받').map((one) => twoStay + one))

/** What vowels were before an ending melted into them. */
const melted = [
  ['해', '하'],
  ['돼', '되'],
  ['ᅪ', 'ᅩ'],
  ['ᅯ', 'ᅮ'],
  ['ᅧ', 'ᅵ'],
  ['ᅥ', 'ᅳ'],
].map(([from, to]) => [ending([from!]), to!.normalize('NFD')] as const)

/** "Not" is often written together with its verb. 안내, 안전 and 안녕 have none. */
const denied = /^([안못])((?:되|돼|됩|됐|들|나|와|왔|가|해|하|했|보|받|뜨|떠|먹|오|옵).*)$/u

export function koreanWords(piece: string): string[] {
  const [, not, verb] = denied.exec(piece) ?? []
  return not && verb ? [not, verb] : [piece]
}

/** A word without particles and endings: 왔습니다, 와요 and 오는데요 are 오. It only tells whether two words are one. */
export function koreanStem(word: string): string {
  const noun = cut(word.normalize('NFD'), afterNouns)
  let rest = cut(noun, afterVerbs)
  if (rest === noun) rest = cut(noun, polite)
  rest = cut(cut(rest, between), between)
  if (rest !== noun) for (const [from, to] of melted) rest = rest.replace(from, to)
  if (relative.test(rest)) rest = rest.slice(0, -1)
  return cut(rest, light).normalize('NFC')
}

/** Not where nothing would stay. */
function cut(word: string, end: RegExp): string {
  const rest = word.replace(end, '')
  return rest.length < 2 ? word : rest
}

function anywhere(list: string): string[] {
  return list.split(' ')
}

function ending(list: readonly string[]): RegExp {
  const spelled = list.map((one) => one.replace(/[ㄴㄹㅁㅂㅆ]/g, (letter) => finals[letter] ?? letter).normalize('NFD'))
  return new RegExp(`(?:${spelled.join('|')})$`)
}
