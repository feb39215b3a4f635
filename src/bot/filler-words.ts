/** Greetings, politeness, question words: they say that somebody asks, not what. */
const fillers = new Set(
  [
    'a an the is are was were be been am do does did to of in on at for from with and or it its this that these those there',
    "i i'm im i've ive me my mine you your yours u ur we our us he she they them",
    'hi hello hey dear sir madam team support guys please pls plz kindly thanks thank thx ty sorry excuse',
    'can could would will shall should may might must how what why when where which who whats what’s just so very really still now',
    'tell know help want need like question about get got have has had any some if as by hi there ok okay btw anyone someone',
    'я мы вы ты мне меня мой моя моё мое мои моих нам нас вас вам ваш ваша ваше это эта этот эти то та',
    'в во на с со к ко у о об от до из за по для при и а но или же ли бы не-то уже ещё еще очень просто там тут',
    'здравствуйте привет добрый день вечер утро пожалуйста спасибо подскажите скажите помогите извините хочу нужно надо можно',
    'как что почему когда где какой какая какие каков куда сколько кто чем зачем',
    '안녕하세요 안녕 혹시 좀 제발 부탁드립니다 부탁드려요 감사합니다 고맙습니다 저 제 제가 저는 내 내가 나는 저희 그 이 것 거 건 좀요 문의 질문 문의드립니다',
    '어떻게 왜 언제 어디 어디서 무엇 뭐 뭔가요 알려주세요 알려 주세요 궁금합니다 궁금해요 해주세요 하나요 되나요 인가요 싶어요 싶습니다',
  ].flatMap((line) => line.split(' ')),
)

/** Of languages without spaces: taken out wherever they stand. Longer ones first. */
const fillerSigns = new RegExp(
  [
    '您好|你好|请问一下|请问|麻烦|帮忙|帮我|一下|谢谢|多谢|感谢|我想问|我想|想问|问下|怎么样|可以吗|可不可以|能不能|告诉我|我的|你们的?|为什么|为啥',
    '[吗嗎呢啊呀吧哦嘛]',
    'すみません|すいません|こんにちは|お世話になっております|お世話になります|ありがとうございます|よろしくお願いいたします|よろしくお願いします|お願いいたします|お願いします',
    '教えてください|教えて下さい|教えて|知りたいです|知りたい|のでしょうか|でしょうか|のですが|のですか|んですが|んですか|ですが|ですか|ください|下さい|ますか|ました|ません?|です|ます|どうすれば|いいですか|質問',
  ].join('|'),
  'gu',
)

export function isFiller(word: string): boolean {
  return fillers.has(word)
}

export function withoutFillerSigns(text: string): string {
  const rest = text.replace(fillerSigns, ' ')
  return rest.trim() === '' ? text : rest
}
