import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  type CompletionContext,
  type CompletionResult
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { SQLDialect, sql } from '@codemirror/lang-sql'
import { bracketMatching } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder
} from '@codemirror/view'
import { count, exact, text } from '#lib/format/number.ts'
import { visible } from '#lib/format/visible.ts'
import { relations } from '#lib/ask/relations.ts'
import { valuesSql, writingAt } from './completion.ts'
import { functions, keywords, otherWords, typeNames } from './words.ts'
import { look } from './look.ts'
import { mistakeMarks } from './marks.ts'

export interface EditorOptions {
  readonly sql: string
  readonly label: string
  readonly onchange: (sql: string) => void
  readonly onfocus: () => void
  /** What its keys do, by their names in CodeMirror. */
  readonly keys: Readonly<Record<string, () => void>>
  /** The values of a column with how often they come. */
  readonly values: (sql: string) => Promise<Record<string, unknown>[] | null>
}

const dialect = SQLDialect.define({
  keywords: `${keywords.join(' ').toLowerCase()} ${otherWords}`,
  builtin: functions.join(' '),
  // Relations have the color that types have elsewhere.
  types: [...relations.map(({ name }) => name), ...typeNames].join(' '),
  doubleDollarQuotedStrings: true,
  unquotedBitLiterals: false,
  hashComments: false
})

/** Values of a column as completions, the most frequent first. */
async function valuesOf(
  column: string,
  relation: string,
  from: number,
  ask: EditorOptions['values']
): Promise<CompletionResult | null> {
  const rows = await ask(valuesSql(column, relation)).catch(() => null)
  if (!rows?.length) return null
  return {
    from,
    options: rows.map(({ value, rows }, i) => ({
      label: visible(String(value)),
      apply: String(value).replaceAll("'", "''"),
      detail: text(count(Number(rows))),
      info: `${exact(Number(rows))} rows`,
      boost: -i
    })),
    validFor: /^[^']*$/
  }
}

const complete =
  (ask: EditorOptions['values']) =>
  async ({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> => {
    const writing = writingAt(state.doc.toString(), pos, explicit)
    if (!writing) return null
    if (writing.at === 'value') return valuesOf(writing.column, writing.relation, writing.from, ask)
    const boosts = { column: 3, relation: 2, function: 1, keyword: 0 }
    return {
      from: writing.from,
      options: writing.proposals.map(({ label, kind, detail }) => ({ label, detail, boost: boosts[kind] })),
      validFor: /^[\w ]*$/
    }
  }

/** Makes the editor of a cell. In a shadow its styles are sheets that the page adopts, which the policy of the page allows. */
export function openEditor(root: ShadowRoot, options: EditorOptions): EditorView {
  const bindings = Object.entries(options.keys).map(([key, run]) => ({
    key,
    // What is proposed would hide the result.
    run: (view: EditorView) => (closeCompletion(view), run(), true),
    preventDefault: true
  }))
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.sql,
      extensions: [
        keymap.of([
          ...bindings.filter(({ key }) => key !== 'Escape'),
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...bindings,
          ...defaultKeymap,
          ...historyKeymap
        ]),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        placeholder('SELECT path, count(*) FROM selected GROUP BY path'),
        sql({ dialect }),
        autocompletion({ override: [complete(options.values)], icons: false, activateOnTyping: true }),
        mistakeMarks,
        look,
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of(({ docChanged, focusChanged, state, view }) => {
          if (docChanged) options.onchange(state.doc.toString())
          if (focusChanged && view.hasFocus) options.onfocus()
        })
      ]
    })
  })
  view.dom.addEventListener('keydown', (event) => {
    // From outside it can't be seen that a text is written here, and keys of one character belong to the page.
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation()
  })
  return view
}

export const isCompleting = (view: EditorView): boolean => completionStatus(view.state) !== null
