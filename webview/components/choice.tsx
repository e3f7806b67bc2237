/** A labelled dropdown. */
export function Choice(props: {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly text: string }[];
  onPick: (value: string) => void;
}) {
  return (
    <vscode-dropdown
      class="choice"
      aria-label={props.label}
      title={`${props.label}: ${props.options.find((option) => option.value === props.value)?.text ?? props.value}`}
      value={props.value}
      onChange={(event) => {
        if (event.currentTarget.value !== props.value) props.onPick(event.currentTarget.value);
      }}
    >
      {props.options.map(({ value, text }) => (
        <vscode-option key={value} value={value} selected={value === props.value}>
          {text}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}
