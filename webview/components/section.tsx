import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of the page; `note` stands beside the title. */
export function Section(props: {
  title: string;
  note?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`section ${props.class ?? ''}`} aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{props.title}</h2>
        {props.note !== undefined && <span class="section-note">{props.note}</span>}
      </header>
      {props.children}
    </section>
  );
}
