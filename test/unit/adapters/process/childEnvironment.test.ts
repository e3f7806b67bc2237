import assert from 'node:assert/strict';
import { childEnvironment } from '../../../../src/adapters/process/childEnvironment';

describe('childEnvironment', () => {
  it('hands on what programs need and none of the secrets', () => {
    const from = {
      PATH: '/usr/bin',
      HOME: '/home/a',
      LANG: 'C',
      TOKENIZERS_PARALLELISM: 'false',
      XAUTHORITY: '/home/a/.Xauthority',
      ANTHROPIC_API_KEY: 's',
      OPENAI_APIKEY: 's',
      GH_TOKEN: 's',
      NPM_TOKEN: 's',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_ACCESS_KEY_ID: 'id',
      CLIENT_SECRET: 's',
      PGPASSWORD: 's',
      MYSQL_PWD: 's',
      SMTP_PASS: 's',
      OPENAI_KEY: 's',
      PWD: '/home/a/project',
      OLDPWD: '/home/a',
      DB_PASSWORD_FILE: 's',
      GOOGLE_APPLICATION_CREDENTIALS: 's',
      'npm_config_//registry.npmjs.org/:_authToken': 's',
      SSH_AUTH_SOCK: 's',
      ENTERPRISE_API_KEY: 's',
      ENTERPRISE_HOME: 's',
      GIT_DIR: 's',
      GIT_SSH_COMMAND: 's',
      VSCODE_IPC_HOOK: 's',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect',
      UNSET: undefined,
    };
    assert.deepEqual(Object.keys(childEnvironment({ from })).sort(), [
      'AWS_ACCESS_KEY_ID',
      'HOME',
      'LANG',
      'OLDPWD',
      'PATH',
      'PWD',
      'TOKENIZERS_PARALLELISM',
      'XAUTHORITY',
    ]);
  });

  it('keeps back a secret that stands under an innocent name too', () => {
    const from = {
      PATH: '/bin',
      DB_PASSWORD: 'correct-horse',
      DATABASE_URL: 'postgres://me:correct-horse@db/x',
      PROXY: 'http://proxy',
    };
    assert.deepEqual(Object.keys(childEnvironment({ from })).sort(), ['PATH', 'PROXY']);
  });

  it('marks the children of a run and adds what is asked for', () => {
    const environment = childEnvironment({ from: { PATH: '/bin' }, runId: 'r1', extra: { CI: '1' } });
    assert.deepEqual(environment, { PATH: '/bin', ENTERPRISE_RUN_ID: 'r1', CI: '1' });
  });

  it('hands on nothing that makes a shell take a command otherwise than it was judged', () => {
    const from = {
      ...{ CDPATH: '/outside', BASH_ENV: '/x.sh', ENV: '/y.sh', SHELLOPTS: 'xtrace', GLOBIGNORE: '*' },
      ...{ 'BASH_FUNC_ls%%': '() { evil; }', RIPGREP_CONFIG_PATH: '/rc', ENVIRONMENT: 'test' },
    };
    assert.deepEqual(childEnvironment({ from }), { ENVIRONMENT: 'test' });
  });
});
