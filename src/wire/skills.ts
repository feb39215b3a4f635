import { z } from 'zod'
import { id } from './primitive.ts'

const level = z.number().int().min(1).max(3)
/** Of a day, by the clocks of the agent's place; the end of a day is 24:00. */
const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 09:30')

export const shift = z
  .strictObject({
    /** 1 Monday to 7 Sunday. */
    day: z.number().int().min(1).max(7),
    from: clockTime,
    to: clockTime,
  })
  .refine(({ from, to }) => from < to, 'must end after it begins; one over midnight is two')
export type Shift = z.infer<typeof shift>

export const skills = z.strictObject({
  /** Points of work at once. */
  capacity: z.number().int().min(0).max(100),
  /** Levels of escalation they serve. */
  tiers: z
    .array(z.union([z.literal(1), z.literal(2), z.literal(3)]))
    .min(1)
    .max(3),
  /** None: whatever comes. */
  languages: z
    .array(
      z.strictObject({
        language: z.string().regex(/^[a-z]{2,3}$/, 'must be a language such as en or zh'),
        /** 3 is best. */
        level,
      }),
    )
    .max(50),
  topics: z.array(z.strictObject({ topicId: id, level })).max(500),
  /** As in the time zone database: Asia/Shanghai. */
  timeZone: z.string().min(1).max(64),
  /** None: whenever they say that they are there. */
  shifts: z.array(shift).max(100),
})
export type Skills = z.infer<typeof skills>

export const skillsPatch = skills.partial()
export type SkillsPatch = z.infer<typeof skillsPatch>

/** Of one's team, or of any of one's teams. */
export const nextBody = z.strictObject({ teamId: id.optional() })
/** null: nothing waits that is yours to take. */
export const nextAnswer = z.object({ conversation: id.nullable() })

export const escalateBody = z.strictObject({
  tier: z.union([z.literal(2), z.literal(3)]),
  /** What whoever takes it must know; kept as a note. */
  note: z.string().trim().min(1).max(20_000),
})
export type EscalateBody = z.infer<typeof escalateBody>

/** The first is the owner, the others stand in for them in this order. */
export const ownersBody = z.strictObject({ agentIds: z.array(id).max(10) })
export const owners = z.object({ agentIds: z.array(id) })
