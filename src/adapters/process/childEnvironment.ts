/**
 * The environment for programs that an agent or a repository controls: what they need to run, and none of the secrets
 * the engine was started with (safety law L6).
 */

/** Set for every child with a value of its own, so that a child that left its process group can still be found. */
export const processMark = 'ENTERPRISE_PROCESS';

const secret =
  /(^|_)(API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|KEY|TOKEN|PAT|AUTH|PASS)$|_PWD$|SECRET|PASSW(OR)?D|PASSPHRASE|CREDENTIAL|AUTHTOKEN|^SSH_AUTH_SOCK$|^SSH_ASKPASS$/i;

/** Variables of the program around us (editor, git, npm script) that would change what the child does. */
const foreign =
  /^(GIT_|ENTERPRISE_|VSCODE_|ELECTRON_|npm_lifecycle_|npm_package_|npm_config_local_prefix$|INIT_CWD$|NODE_OPTIONS$|NODE_CHANNEL_)/i;

/** Variables that make a shell or a tool take a command line otherwise than it was judged. */
const bending =
  /^(CDPATH|GLOBIGNORE|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|POSIXLY_CORRECT|RIPGREP_CONFIG_PATH|BASH_FUNC_.*)$/;

/** Nothing runs without them, and they hold paths: a variable whose name sounds like a secret may hold one, too. */
const essential =
  /^(PATH|HOME|PWD|SHELL|TMPDIR|TEMP|TMP|USERPROFILE|SystemRoot|ComSpec|APPDATA|LOCALAPPDATA)$/i;

export interface EnvironmentOptions {
  /** Marks the child as part of a run (`ENTERPRISE_RUN_ID`), so that recovery can find it (N6). */
  readonly runId?: string;
  /** Variables added last; they are handed on as they are. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Default: the environment of this process. */
  readonly from?: NodeJS.ProcessEnv;
}

export function childEnvironment(options: EnvironmentOptions = {}): NodeJS.ProcessEnv {
  const all = Object.entries(options.from ?? process.env);
  const secrets = all.flatMap(([name, value = '']) => (isSecretName(name) && isLong(value) ? [value] : []));
  const kept = all.filter(
    ([name, value]) =>
      value !== undefined &&
      !isSecretName(name) &&
      !foreign.test(name) &&
      !bending.test(name) &&
      (essential.test(name) || !secrets.some((one) => value.includes(one))),
  );
  return {
    ...Object.fromEntries(kept),
    ...(options.runId === undefined ? {} : { ENTERPRISE_RUN_ID: options.runId }),
    ...options.extra,
  };
}

/** Short ones stand in innocent values by chance. */
function isLong(secret: string): boolean {
  return secret.length >= 8;
}

/** Judged by the name alone: a secret that stands under innocent names only is not recognised. */
export function isSecretName(name: string): boolean {
  return secret.test(name);
}
