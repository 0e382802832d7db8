import eslint from '@eslint/js';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

const ours = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/consistent-type-imports': [
    'error',
    { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
    { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
    { selector: 'ExportDefaultDeclaration[declaration.type="ClassDeclaration"]', message: 'Use a named export.' },
  ],
  eqeqeq: ['error', 'always'],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'apps/portal/src/app/api/generated/**',
      // Lives in its author's own package, with its own settings.
      'libs/create-bangui-source/template/**',
      'node_modules/**',
      '.angular/**',
      'var/**',
      'coverage/**',
      'test-results/**',
      'playwright-report/**',
    ],
  },
  {
    files: [
      'apps/api/**/*.ts',
      'apps/enforcer/**/*.ts',
      'libs/**/*.ts',
      'plugins/**/*.ts',
      'scripts/**/*.ts',
      'apps/portal/e2e/**/*.ts',
      '*.ts',
    ],
    extends: [eslint.configs.recommended, ...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        // The nearest tsconfig.json is what gets built, and that leaves tests out.
        project: [
          'tsconfig.tools.json',
          'apps/portal/e2e/tsconfig.json',
          'libs/*/tsconfig.spec.json',
          'plugins/tsconfig.spec.json',
          'apps/api/tsconfig.spec.json',
          'apps/enforcer/tsconfig.spec.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      ...ours,
      // Decorated parameters need the class at run time; the rule cannot see that.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Response classes are shapes for the API's description: what is answered are plain objects of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['apps/portal/src/**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.strictTypeChecked, ...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...ours,
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'bangui', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'bangui', style: 'camelCase' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
    },
  },
  {
    files: ['apps/portal/src/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
);
