import { short, type Section } from './report.ts'
import { compare, type Fired, type Judged } from './verdicts/compare.ts'
import { classes, labelledSets, type Class } from './verdicts/labelled.ts'
import { measureProbes } from './verdicts/probes.ts'
import { fillStar } from './verdicts/star.ts'

/** What was found of the sets of one name. */
interface Found {
  name: string
  judged: Judged[]
  fired: Fired[]
}

/** The verdict on every visitor of labelled logs, against its label. */
export async function measure(): Promise<Section[]> {
  const found = new Map<string, Found>()
  for (const set of labelledSets()) {
    const connection = await fillStar(set)
    const { judged, fired } = await compare(connection)
    await connection.close()
    const { name } = set
    const all = found.get(name) ?? { name, judged: [], fired: [] }
    found.set(name, { name, judged: [...all.judged, ...judged], fired: [...all.fired, ...fired] })
  }
  const all = [...found.values()]
  return [wrongOf(all), verdictsOf(all), precisionOf(all), rulesOf(all), ...measureProbes()]
}

type Counted = 'visitors' | 'hits'
type Test = (judged: Judged) => boolean

const sum = (judged: readonly Judged[], test: Test, counted: Counted = 'visitors') =>
  judged.filter(test).reduce((total, each) => total + each[counted], 0)

/** A share of a whole; nothing where the whole is nothing. */
const share = (part: number, whole: number) => (whole ? `${short((part / whole) * 100)} %` : '')
const bold = (text: string) => (text ? `**${text}**` : '')
const labels = [...classes.keys()] as Class[]

/** The wrong results that matter, by visitors and by hits. */
function wrongOf(all: readonly Found[]): Section {
  return {
    title: 'Verdicts',
    how: 'Visitors (address, agent and UTC day) whose class is known, against what they are judged to be. *Real logs, read*: drawn at random and labelled by hand, `test/fixtures/verdicts`. *gen_log.py* (3 seeds) and *loggia generate*: 100,000 lines each, half of the attackers with the agent of a browser. *Form spam*: `basjes-hackers-access`. *Attacks of CrowdSec*: the addresses that its tests expect to be reported. Broken requests count for nobody.',
    columns: [
      'set',
      'scanner hits called people',
      'people called machines',
      'hits of people called machines',
      'hits of machines called people'
    ],
    rows: all.map(({ name, judged }) => {
      const called = (isCalled: Test, are: Test, counted: Counted) =>
        share(
          sum(judged, (each) => are(each) && isCalled(each), counted),
          sum(judged, are, counted)
        )
      const person: Test = ({ label }) => label === 0
      const calledPerson: Test = (each) => each.class === 0
      const calledMachine: Test = (each) => each.class !== 0
      return [
        name,
        bold(called(calledPerson, ({ label }) => label === 2, 'hits')),
        bold(called(calledMachine, person, 'visitors')),
        called(calledMachine, person, 'hits'),
        called(calledPerson, ({ label }) => label !== 0, 'hits')
      ]
    })
  }
}

function verdictsOf(all: readonly Found[]): Section {
  return {
    title: 'Verdicts by label',
    how: 'The visitors of each label, and what share of them is called what.',
    columns: ['set', 'label', 'visitors', ...classes.map((name) => `called ${name}`)],
    rows: all.flatMap(({ name, judged }) =>
      labels
        .filter((label) => judged.some((each) => each.label === label))
        .map((label) => {
          const visitors = sum(judged, (each) => each.label === label)
          const called = labels.map((one) =>
            sum(judged, (each) => each.label === label && each.class === one)
          )
          return [name, classes[label], visitors, ...called.map((count) => share(count, visitors))]
        })
    )
  }
}

/** A class, or both classes of machines together: a scanner that is called a bot is not called a person. */
const groups: { name: string; is: (one: Class) => boolean }[] = [
  ...labels.map((label) => ({ name: classes[label], is: (one: Class) => one === label })),
  { name: 'machine', is: (one) => one !== 0 }
]

function precisionOf(all: readonly Found[]): Section {
  return {
    title: 'Verdicts by class',
    how: 'Precision is the share of the visitors called so that are. Recall is the share of the visitors that are so and are called so. A machine is a bot or a suspicious visitor.',
    columns: ['set', 'class', 'precision', 'recall', 'visitors', 'called so'],
    rows: all.flatMap(({ name, judged }) =>
      groups.map((group) => {
        const are = sum(judged, ({ label }) => group.is(label))
        const called = sum(judged, (each) => group.is(each.class))
        const right = sum(judged, (each) => group.is(each.label) && group.is(each.class))
        return [name, group.name, share(right, called), share(right, are), are, called]
      })
    )
  }
}

function rulesOf(all: readonly Found[]): Section {
  return {
    title: 'Verdicts by rule',
    how: 'Visitors of each label on whom a rule has evidence. The last columns say how many of them are machines, and of how many of all machines that is.',
    columns: ['set', 'rule', 'mean weight', ...classes, 'machines among them', 'of all machines'],
    rows: all.flatMap(({ name, judged, fired }) => {
      const machines = sum(judged, ({ label }) => label !== 0)
      const rules = [...Map.groupBy(fired, ({ rule }) => rule)].sort(([a], [b]) => (a < b ? -1 : 1))
      return rules.map(([rule, each]) => {
        const counts = labels.map((label) =>
          each.filter((one) => one.label === label).reduce((total, { visitors }) => total + visitors, 0)
        )
        const visitors = counts.reduce((total, count) => total + count, 0)
        const weight = each.reduce((total, one) => total + one.weight * one.visitors, 0) / visitors
        const found = visitors - counts[0]!
        return [name, rule, short(weight), ...counts, share(found, visitors), share(found, machines)]
      })
    })
  }
}
