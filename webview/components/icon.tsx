/** Drawn on a grid of 16, in strokes of the text's colour. */
const shapes = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6',
  dots: 'M4 8h.01M8 8h.01M12 8h.01',
  circle: 'M8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8z',
  bell: 'M4.2 11V7.2a3.8 3.8 0 0 1 7.6 0V11l1.2 1H3zM6.8 13.8h2.4',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2l7.5 4.8L5 12.8z',
  stop: 'M4.2 4.2h7.6v7.6H4.2z',
  chevron: 'M6 3.8L10.2 8 6 12.2',
  diff: 'M8 3v5M5.5 5.5h5M5.5 11.5h5',
  undo: 'M3 6.5h6.3a3.2 3.2 0 0 1 0 6.4H6M5.8 3.6L3 6.5l2.8 2.9',
  report: 'M4 2.5h5.5L12 5v8.5H4zM6 7h4M6 9h4M6 11h2.5',
  deliver: 'M2.8 9v4h10.4V9M8 2.8v7M5.2 7L8 9.8 10.8 7',
  question: 'M5.9 6a2.1 2.1 0 1 1 3.2 1.8c-.8.5-1.1.9-1.1 1.7M8 12h.01',
  skip: 'M3.5 4l4.5 4-4.5 4zM8.5 4L13 8l-4.5 4z',
  tools:
    'M9.5 3.2a3 3 0 0 0-.4 4.1L3.6 12.4M9.1 7.3a3 3 0 0 0 4.1-3.8l-1.8 1.8-1.4-1.4 1.8-1.8a3 3 0 0 0-2.3 1.1',
  flask: 'M6.5 2.8v4L3.4 12a1 1 0 0 0 .9 1.5h7.4a1 1 0 0 0 .9-1.5L9.5 6.8v-4M5.5 2.8h5M5 10h6',
  merge:
    'M4.5 5.2v5.6M4.5 5.2c0 2.6 2 3.6 5 3.6M4.5 3.7a.9.9 0 1 0 .01 0M4.5 11.3a.9.9 0 1 0 .01 0M11 8a.9.9 0 1 0 .01 0',
  terminal: 'M2.5 3.5h11v9h-11zM4.8 6.2L6.6 8 4.8 9.8M8 10h3',
  spark: 'M8 2.2l1.3 4.5L13.8 8 9.3 9.3 8 13.8 6.7 9.3 2.2 8l4.5-1.3z',
  shield: 'M8 2.4l4.8 1.7v3.6c0 2.8-1.9 4.8-4.8 5.9-2.9-1.1-4.8-3.1-4.8-5.9V4.1z',
  graph:
    'M4 3.2a1.3 1.3 0 1 0 .01 0M12 6.7a1.3 1.3 0 1 0 .01 0M4 10.2a1.3 1.3 0 1 0 .01 0M5.3 5l5.4 2.5M5.3 11l5.4-2.5',
  warning: 'M8 2.8l5.8 10.4H2.2zM8 6.6v3M8 11.4h.01',
  folder: 'M2.2 4h4.2l1.3 1.6h6.1v7H2.2z',
  gear: 'M8 5.8a2.2 2.2 0 1 0 .01 0M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M3.8 12.2l1.4-1.4M10.8 5.2l1.4-1.4',
  edit: 'M3 13l.6-2.7 7.5-7.5a1 1 0 0 1 1.4 0l.7.7a1 1 0 0 1 0 1.4l-7.5 7.5zM10 3.9l2.1 2.1',
  link: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3L7.5 8.5',
} as const;

export type IconName = keyof typeof shapes;

/** Decoration beside a text; where it stands alone, its button carries the label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={shapes[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
