/**
 * Whether giving a variable a value changes only how something looks. Every other one might decide what runs (`PATH`,
 * `LD_PRELOAD`, `GIT_*`, `NODE_OPTIONS`, `BASH_ENV`) or where it connects (`http_proxy`). Names of one short lower-case
 * word are taken as a script's own.
 */
export function isHarmlessVariable(name: string): boolean {
  return /^(CI|NODE_ENV|FORCE_COLOR|NO_COLOR|CLICOLOR|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE)$|^[a-z]{1,8}[0-9]?$/.test(
    name,
  );
}
