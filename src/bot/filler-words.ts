/** Greetings, politeness, question words: they say that somebody asks, not what. */
const fillers = new Set(
  [
    'a an the is are was were be been am do does did to of in on at for from with and or it its this that these those there',
    "i i'm im i've ive me my mine you your yours u ur we our us he she they them",
    'hi hello hey dear sir madam team support guys please pls plz kindly thanks thank thx ty sorry excuse',
    'can could would will shall should may might must how what why when where which who whats what’s just so very really still now',
    'tell know help want need like question about get got have has had any some if as by hi there ok okay btw anyone someone',
    'свой своя своё свое свои своего своей свою своим своих я мы вы ты мне меня мой моя моё мое мои моих нам нас вас вам ваш ваша ваше это эта этот эти то та',
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
    '您好|你们好|你好|在吗|在不在|不好意思|打扰了|打扰|客服|小姐姐|亲|急死了|在线等|急急急|急求|求助|请教|咨询一下|咨询|各位|大神|大佬|尽快|答复|回复|解答|多谢|辛苦了|辛苦|拜托|指点|请问一下|请问|麻烦|帮忙|帮我|一下|谢谢|多谢|感谢|我想问|我想|想问|问下|怎么样|可以吗|可不可以|能不能|告诉我|我的|你们的?|为什么|为啥',
    '[吗嗎呢啊呀吧哦嘛]',
    'お忙しいところ|恐れ入りますが|恐れ入ります|恐縮ですが|お手数ですが|お手数をおかけしますが|お手数|はじめまして|初心者|困っています|困ってます|困って|至急|ご回答|ご教示|いただけますでしょうか|いただけますか|いただけますと幸いです|いただけると|幸いです|助かります|おはようございます|こんばんは|お世話になってます|どなたか|聞きたい|質問があります|質問です|んですけど|ですけど|んだけど|だけど|ちょっと|いつも|すみません|すいません|こんにちは|お世話になっております|お世話になります|ありがとうございます|よろしくお願いいたします|よろしくお願いします|お願いいたします|お願いします',
    '教えてください|教えて下さい|教えて|知りたいです|知りたい|のでしょうか|でしょうか|のですが|のですか|んですが|んですか|ですが|ですか|ください|下さい|ますか|ました|ません?|です|ます|どうすれば|いいですか|質問',
  ].join('|'),
  'gu',
)

/** With whatever endings. */
const fillerBeginnings = new RegExp(
  `^(?:${[
    '안녕|감사|고맙|부탁|수고|죄송|실례|문의|질문|궁금|혹시|제발|답변|대답|빨리|빠른|급해|급합|급한|알려|가르쳐|도와|도움|어떻|여쭤|여쭙|고객님|상담|확인 ?부탁',
    'здравств|привет|добр(?:ый|ого|ое|ы|ой)$|пожалуй|спасиб|подскаж|скажит|помог|помощ|извин|прост(?:и|ите)$|благодар|заранее|ребят|объясн|вопрос|будьте|уважаем|поясн|срочн',
    'greeting|urgent|advice|advise|appreciat|grateful|question|bother|quick|explain|wonder|assist|regards|cheers|morning|afternoon|evening|advance',
  ].join('|')})`,
)

/** What takes several words: asking politely, and not knowing. Korean endings are left open, there are dozens. */
const fillerTurns = new RegExp(
  [
    '(?:여쭤볼|여쭐|물어볼|궁금한|질문할|문의할|질문|문의)\\S* ?(?:게|것이|거|점이|사항이)? ?있\\S*',
    '(?:설명|안내|확인|답변|해결|처리|조치|회신|연락) ?(?:좀 )?(?:해 ?주\\S*|부탁\\S*|드립\\S*|바랍\\S*)(?: ?수 ?있\\S*)?',
    '(?:알려|도와|가르쳐|말씀해|봐) ?주\\S*(?: ?수 ?있\\S*)?|주실 ?수 ?있\\S*|수 ?있(?:을까요|나요|는지요?|습니까|을지요?)',
    '(?:해결 ?)?방법이? ?(?:있|없|뭔|뭐|무엇)\\S*|(?:이유|원인|문제)[가이]? ?(?:뭔|뭐|무엇|뭘까)\\S*',
    '어떻게 ?(?:하면|해야|하는|해|된|되|할) ?(?:되|돼|하|할|건|거|일)?\\S*|왜 ?(?:그런|이런|그러|이러|그럴|이럴)\\S*|왜죠|왜요',
    // Laughing and crying in single letters.
    '[\\u1160-\\u11ff\\u3131-\\u318e]+(?!\\p{L})|저기요|있잖아요|(?<!\\p{L})아니(?!\\p{L})|좋겠(?:습니다|어요|네요)|바랍니다',
    '(?<!\\p{L})(?:буду (?:очень |вам |крайне )?(?:признател|благодар|рад)\\p{L}*|(?:и )?что (?:мне |нам |же |теперь )*делать|как (?:мне |же |теперь )*быть|в чем (?:дело|причина|проблема)',
    'жду (?:вашего )?ответа?|никак не разбер\\p{L}+|не (?:могу|получается) (?:понять|разобраться|найти ответ)|помогите (?:мне )?(?:разобраться|понять)',
    '(?:вы )?не (?:могли бы|подскажете|пойму|понимаю|знаю)|мо(?:жете|гли бы) (?:вы )?(?:подсказать|помочь|объяснить|сказать)|есть (?:такой )?вопрос|очень срочно)(?!\\p{L})',
  ].join('|'),
  'gu',
)

export function isFiller(word: string): boolean {
  return fillers.has(word) || fillerBeginnings.test(word)
}

export function withoutFillerSigns(text: string): string {
  const rest = text.replace(fillerSigns, ' ').replace(fillerTurns, ' ')
  return rest.trim() === '' ? text : rest
}
