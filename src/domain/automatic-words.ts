/** Of a request that is not over. */
export type OpenStatus = 'open' | 'waiting' | 'onHold' | 'snoozed'

/** What customers read that no person wrote, in their own language. CommonMark. */
export interface AutomaticWords {
  readonly start: string
  /** Above a list of commands. */
  readonly help: string
  readonly cases: string
  readonly states: Readonly<Record<OpenStatus, string>>
  readonly noCase: string
  readonly human: string
  readonly privacy: string
  readonly noPrivacyPage: string
  readonly delete: string
  readonly deleteYes: string
  readonly deleteNo: string
  readonly erasureNoted: string
  readonly kept: string
  readonly stopped: string
}

const en: AutomaticWords = {
  start: 'Hello! Write your question here, in your own words. Our team reads it and answers in this chat.',
  help: 'Simply write your question here. You can also send:',
  cases: 'Your open requests:',
  states: {
    open: 'waiting for our answer',
    waiting: 'answered, we wait for you',
    onHold: 'we are looking into it',
    snoozed: 'we will come back to you',
  },
  noCase: 'Nothing open at the moment. Write here whenever you need us.',
  human: 'A person from our team will answer you here.',
  privacy: 'How we handle your data:',
  noPrivacyPage: 'To learn how we handle your data, ask here: a person from our team will answer.',
  delete: 'Shall we erase your messages and what we know about you here? This cannot be undone.',
  deleteYes: 'Yes, erase my data',
  deleteNo: 'No, keep it',
  erasureNoted: 'Noted. A person from our team will erase your data. If you change your mind before that, write here.',
  kept: 'All right, nothing will be erased.',
  stopped: 'You will get no more automatic messages from us. People still answer you here. Send “start” to undo this.',
}

const zh: AutomaticWords = {
  start: '您好！请直接在这里写下您的问题，我们的客服会阅读并在此聊天中回复您。',
  help: '直接在这里写下您的问题即可。您还可以发送：',
  cases: '您未完结的请求：',
  states: {
    open: '等待我们回复',
    waiting: '我们已回复，等待您的答复',
    onHold: '正在处理中',
    snoozed: '我们稍后会联系您',
  },
  noCase: '目前没有未完结的请求。需要时随时在这里留言。',
  human: '我们的客服人员会在这里回复您。',
  privacy: '我们如何处理您的数据：',
  noPrivacyPage: '想了解我们如何处理您的数据，请直接在这里提问，客服人员会回复您。',
  delete: '要删除您的消息以及我们在这里保存的关于您的信息吗？删除后无法恢复。',
  deleteYes: '是，删除我的数据',
  deleteNo: '否，保留',
  erasureNoted: '已记录。我们的工作人员会删除您的数据。如果在此之前您改变主意，请在这里留言。',
  kept: '好的，不会删除任何内容。',
  stopped: '您将不再收到我们的自动消息，人工客服仍会在这里回复您。发送“开始”即可恢复。',
}

const ja: AutomaticWords = {
  start: 'こんにちは。ご質問をこちらにそのままお書きください。担当者が確認し、このチャットでお答えします。',
  help: 'ご質問はこちらにそのままお書きください。次のコマンドも使えます：',
  cases: '対応中のお問い合わせ：',
  states: {
    open: '当方の返信をお待ちいただいています',
    waiting: '返信済み、お客様のご連絡待ち',
    onHold: '確認中です',
    snoozed: '後ほどご連絡します',
  },
  noCase: '現在、対応中のお問い合わせはありません。いつでもこちらにお書きください。',
  human: '担当者がこちらでお答えします。',
  privacy: '個人データの取り扱いについて：',
  noPrivacyPage: '個人データの取り扱いについては、こちらでお尋ねください。担当者がお答えします。',
  delete: 'こちらでお預かりしているメッセージとお客様の情報を削除しますか？削除すると元に戻せません。',
  deleteYes: 'はい、削除します',
  deleteNo: 'いいえ、残します',
  erasureNoted: '承りました。担当者がデータを削除します。それまでにお気持ちが変わりましたら、こちらにお書きください。',
  kept: '承知しました。何も削除しません。',
  stopped:
    '今後、自動メッセージは送信しません。担当者は引き続きこちらでお答えします。元に戻すには「開始」と送信してください。',
}

const ko: AutomaticWords = {
  start: '안녕하세요! 궁금한 점을 여기에 편하게 적어 주세요. 담당자가 확인하고 이 채팅에서 답변해 드립니다.',
  help: '궁금한 점을 여기에 적어 주시면 됩니다. 다음 명령도 보낼 수 있습니다:',
  cases: '진행 중인 문의:',
  states: {
    open: '답변을 준비하고 있습니다',
    waiting: '답변 완료, 고객님의 회신을 기다립니다',
    onHold: '확인 중입니다',
    snoozed: '나중에 다시 연락드립니다',
  },
  noCase: '현재 진행 중인 문의가 없습니다. 필요하실 때 언제든지 여기에 적어 주세요.',
  human: '담당자가 여기에서 답변해 드립니다.',
  privacy: '개인정보 처리 안내:',
  noPrivacyPage: '개인정보 처리에 대해서는 여기에서 문의해 주세요. 담당자가 답변해 드립니다.',
  delete: '여기에 있는 메시지와 고객님에 대한 정보를 삭제할까요? 삭제하면 되돌릴 수 없습니다.',
  deleteYes: '예, 삭제해 주세요',
  deleteNo: '아니요, 유지해 주세요',
  erasureNoted: '접수했습니다. 담당자가 데이터를 삭제합니다. 그 전에 마음이 바뀌시면 여기에 적어 주세요.',
  kept: '알겠습니다. 아무것도 삭제하지 않습니다.',
  stopped:
    '앞으로 자동 메시지를 보내지 않습니다. 담당자는 계속 여기에서 답변해 드립니다. 되돌리려면 “시작”을 보내 주세요.',
}

const ru: AutomaticWords = {
  start:
    'Здравствуйте! Напишите свой вопрос здесь своими словами. Наши сотрудники прочитают его и ответят в этом чате.',
  help: 'Просто напишите свой вопрос здесь. Ещё можно отправить:',
  cases: 'Ваши открытые обращения:',
  states: {
    open: 'ждёт нашего ответа',
    waiting: 'мы ответили и ждём вас',
    onHold: 'мы разбираемся',
    snoozed: 'мы вернёмся к вам позже',
  },
  noCase: 'Сейчас открытых обращений нет. Пишите сюда, когда мы понадобимся.',
  human: 'Вам здесь ответит наш сотрудник.',
  privacy: 'Как мы обращаемся с вашими данными:',
  noPrivacyPage: 'Чтобы узнать, как мы обращаемся с вашими данными, спросите здесь: вам ответит наш сотрудник.',
  delete: 'Удалить ваши сообщения и то, что мы здесь о вас знаем? Отменить это будет нельзя.',
  deleteYes: 'Да, удалить мои данные',
  deleteNo: 'Нет, оставить',
  erasureNoted: 'Принято. Наш сотрудник удалит ваши данные. Если передумаете до этого, напишите здесь.',
  kept: 'Хорошо, ничего удалено не будет.',
  stopped:
    'Автоматических сообщений от нас больше не будет. Сотрудники по-прежнему отвечают здесь. Чтобы вернуть, отправьте «старт».',
}

const all: Readonly<Record<string, AutomaticWords>> = { en, zh, ja, ko, ru }

/** In the first of these languages that we speak; 'zh-Hant-TW' speaks 'zh'. */
export function automaticWords(...wished: readonly (string | null)[]): AutomaticWords {
  return all[automaticLanguage(...wished)] ?? en
}

export function automaticLanguage(...wished: readonly (string | null)[]): string {
  return wished.map((one) => one?.slice(0, 2).toLowerCase() ?? '').find((one) => one in all) ?? 'en'
}
