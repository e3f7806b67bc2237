/** Text with `code` between backticks set as code, as the engine's sentences use it. */
export function CodeText({ children }: { children: string }) {
  const parts = children.split(/`([^`\n]+)`/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
