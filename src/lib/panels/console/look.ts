import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The colors of the page's theme: they change with it, since custom properties reach into the shadow. */
const colors = {
  keyword: 'var(--accent)',
  name: 'light-dark(oklch(43% 0.135 338), oklch(76% 0.12 338))',
  relation: 'light-dark(oklch(42% 0.085 200), oklch(79% 0.09 190))',
  text: 'light-dark(oklch(43% 0.09 158), oklch(76% 0.11 158))',
  number: 'light-dark(oklch(46% 0.12 42), oklch(78% 0.11 50))'
}

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: colors.keyword, fontWeight: '500' },
  { tag: tags.string, color: colors.text },
  { tag: [tags.number, tags.bool, tags.null], color: colors.number },
  { tag: tags.standard(tags.name), color: colors.name },
  { tag: tags.typeName, color: colors.relation, fontWeight: '500' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.operator, tags.punctuation], color: 'var(--ink-2)' }
])

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--panel)', fontSize: '0.78125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.62', overflowX: 'auto' },
  '.cm-content': { padding: '9px 0 10px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 14px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--ink-3)', border: '0', paddingLeft: '6px' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--raise) 75%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-content ::selection': { backgroundColor: 'var(--accent-soft)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-mistake': {
    color: 'var(--bad)',
    fontWeight: '500',
    textDecoration: 'underline wavy var(--bad) 1.2px',
    textUnderlineOffset: '3px'
  },
  '.cm-explanation': {
    margin: '2px 14px 5px 6px',
    padding: '7px 10px 8px',
    borderLeft: '2px solid var(--bad)',
    font: '400 var(--fs-data)/1.7 var(--font)',
    background: 'color-mix(in oklab, var(--bad) 5%, transparent)',
    whiteSpace: 'normal'
  },
  '.cm-explanation b': { fontWeight: '600' },
  '.cm-explanation button': {
    padding: '2px 8px',
    border: '1px solid var(--line-strong)',
    borderRadius: '5px',
    background: 'var(--panel)',
    color: 'var(--ink)',
    font: '500 .7188rem/1.5 var(--mono)',
    cursor: 'pointer'
  },
  '.cm-explanation button:hover, .cm-explanation button:focus-visible': {
    borderColor: 'var(--accent)',
    color: 'var(--accent)'
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--r2)',
    background: 'var(--panel)',
    boxShadow: 'var(--shadow)',
    color: 'var(--ink)',
    zIndex: '20'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--fs-data)',
    maxHeight: '14em'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', display: 'flex', gap: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '680' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    fontFamily: 'var(--font)',
    fontSize: 'var(--fs-micro)',
    color: 'var(--ink-2)'
  }
})

export const look = [theme, syntaxHighlighting(highlight)]
