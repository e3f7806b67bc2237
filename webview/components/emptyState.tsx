import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

/** Says why there is nothing here, and what to do about it. */
export function EmptyState(props: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}
