import { Spine0001 } from './0001-spine.ts'
import { Lean0002 } from './0002-lean.ts'
import { Letters0003 } from './0003-letters.ts'
import { LetterDesk0004 } from './0004-letter-desk.ts'
import { Guards0005 } from './0005-guards.ts'
import { Presence0006 } from './0006-presence.ts'
import { Continuation0007 } from './0007-continuation.ts'
import { UnsettledSends0008 } from './0008-unsettled-sends.ts'
import { LettersToldApart0009 } from './0009-letters-told-apart.ts'
import { SenderPictures0010 } from './0010-sender-pictures.ts'
import { People0011 } from './0011-people.ts'
import { Erasure0012 } from './0012-erasure.ts'
import { Commands0013 } from './0013-commands.ts'
import { Pictures0014 } from './0014-pictures.ts'
import { SendBudgets0015 } from './0015-send-budgets.ts'
import { RoutingGround0016 } from './0016-routing-ground.ts'
import { Promises0017 } from './0017-promises.ts'
import { Assignment0018 } from './0018-assignment.ts'
import { Rules0019 } from './0019-rules.ts'
import { HelpCentre0020 } from './0020-help-centre.ts'
import { CustomerNotices0021 } from './0021-customer-notices.ts'
import { BotAtWork0022 } from './0022-bot-at-work.ts'
import { Forms0023 } from './0023-forms.ts'
import { FormQuestions0024 } from './0024-form-questions.ts'
import { HandsAndWords0025 } from './0025-hands-and-words.ts'

// Listed by import: a glob would name .ts files in the sources and .js files in the build.
export const migrations = [
  Spine0001,
  Lean0002,
  Letters0003,
  LetterDesk0004,
  Guards0005,
  Presence0006,
  Continuation0007,
  UnsettledSends0008,
  LettersToldApart0009,
  SenderPictures0010,
  People0011,
  Erasure0012,
  Commands0013,
  Pictures0014,
  SendBudgets0015,
  RoutingGround0016,
  Promises0017,
  Assignment0018,
  Rules0019,
  HelpCentre0020,
  CustomerNotices0021,
  BotAtWork0022,
  Forms0023,
  FormQuestions0024,
  HandsAndWords0025,
]
