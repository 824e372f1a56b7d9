import { sayNumber } from '../../ui/words.ts'
import type { Place } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'
import type { Way } from './lay-out-flow.ts'

interface Props {
  flow: Flow
  way: Omit<Way, 'isBack'> & { isBack?: boolean }
  /** Where a line shows it, the target is named only when it stands further up. */
  isTargetShown: boolean
  onOpen(id: string): void
  /** Absent of what cannot be edited. */
  onAdd?: ((place: Place) => void) | undefined
}

/** Ways out of a card that lead to the same place, with how many went there. */
export function WayBox({
  flow,
  way: { from, target, outlets, isBack },
  isTargetShown,
  onOpen,
  onAdd,
}: Props) {
  const left = new Map(flow.numbersOf(from)?.left.map(({ outlet, count }) => [outlet, count]))
  const first = outlets[0]
  return (
    <div className="flow-way">
      {outlets.map(({ id, label }) => (
        <div key={id} className="flow-outlet">
          <span className="flow-line-of" title={label}>
            {label}
          </span>
          {left.has(id) && <span>{sayNumber(left.get(id) ?? 0)}</span>}
        </div>
      ))}
      {target !== null && (isTargetShown || isBack) && (
        <button type="button" onClick={() => onOpen(target)}>
          {isBack ? '↑' : '→'} {nameOf(flow, target)}
        </button>
      )}
      {(target === null || (!isTargetShown && !isBack)) && onAdd && first && first.id !== '' && (
        <button
          type="button"
          aria-label={`Add a card after ${nameOf(flow, from)}: ${first.label}`}
          onClick={() => onAdd({ after: from, outlet: first.id })}
        >
          {target === null ? 'ends · + add a card' : '+ add a card'}
        </button>
      )}
      {target === null && !onAdd && <span className="flow-outlet app-muted">ends</span>}
    </div>
  )
}

export function nameOf(flow: Flow, id: string): string {
  const card = flow.cards[id]
  return card?.title ?? flow.types.get(card?.type ?? '')?.label ?? id
}
