const { join } = require('node:path');

// tsx takes its compiler options from one file; components need those for JSX, as the webview itself has them.
process.env.TSX_TSCONFIG_PATH ??= join(__dirname, 'test/tsconfig.tsx.json');

module.exports = {
  require: ['tsx'],
  extension: ['ts', 'tsx'],
  timeout: 10_000,
  slow: 2000,
};
