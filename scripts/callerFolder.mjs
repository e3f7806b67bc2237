/** The folder npm was called in: paths on its command line are meant from there. */
export function callerFolder() {
  return process.env.INIT_CWD ?? process.cwd();
}
