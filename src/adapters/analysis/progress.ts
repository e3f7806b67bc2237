/** Receives how far the work is, in percent of files really done, and what is being done. */
export type Progress = (percent: number, activity: string) => void;

/** Prints progress as lines of JSON, at most one for each percent: a reader needs no more. */
export function progressLines(write: (line: string) => void): Progress {
  let last = -1;
  return (percent, activity) => {
    const whole = Math.min(100, Math.floor(percent));
    if (whole === last) return;
    last = whole;
    write(`${JSON.stringify({ percent: whole, activity })}\n`);
  };
}
