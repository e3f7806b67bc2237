/** `percent` null: under way, with nothing known that could be counted. */
export function ProgressBar({ percent, label }: { percent: number | null; label: string }) {
  const known = percent === null ? {} : { 'aria-valuenow': Math.round(percent) };
  return (
    <div
      class={`bar ${percent === null ? 'bar-unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...known}
    >
      <div class="bar-fill" style={{ width: `${percent ?? 100}%` }} />
    </div>
  );
}
