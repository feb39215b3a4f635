import { type Calibration, type CalibrationWish, calibrate, defaultWish } from './calibration.ts'
import { type Classifier, type Phrasing, trainClassifier } from './classifier.ts'
import { readText } from './vocabulary.ts'

/** What training makes of phrasings. */
export interface BotModel {
  readonly classifier: Classifier
  readonly calibration: Calibration
}

/** Seconds of work: in a thread of its own wherever somebody waits for anything else (train-in-thread.ts). */
export function trainBotModel(phrasings: readonly Phrasing[], wish: CalibrationWish = defaultWish): BotModel {
  const read = phrasings.map(({ text }) => readText(text))
  return { classifier: trainClassifier(phrasings, wish.seed, read), calibration: calibrate(phrasings, wish, read) }
}
