import { isInterrupted } from '../../src/protocol/labels';
import type { RunItem } from '../../src/protocol/runModel';
import { Icon } from './icon';

/** Why nothing moves, where the window or terminal that worked at the run is gone. */
export function Interruption({ item }: { item: RunItem }) {
  if (!isInterrupted(item)) return null;
  return (
    <div class="notice tone-attention">
      <Icon name="warning" />
      <p>
        Nobody works at this run: its window was closed or reloaded. What was done is kept; Resume goes on
        from there.
      </p>
    </div>
  );
}
