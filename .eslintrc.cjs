const { createConfig } = require('@backstage/cli/config/eslint-factory');

module.exports = {
  root: true,
  ...createConfig(__dirname, {
    ignorePatterns: [
      'target',
      'js/wasm',
      'node_modules',
      'tests/cases',
      'examples/templates',
    ],
    parserOptions: { ecmaVersion: 2022 },
    rules: {
      // public first, helpers below
      '@typescript-eslint/no-use-before-define': [
        'error',
        { functions: false, classes: false, variables: false },
      ],
      // programs for the terminal
      'no-console': 'off',
      'jest/expect-expect': 'off',
    },
  }),
};
