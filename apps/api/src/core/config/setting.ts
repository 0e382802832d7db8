/** How the text of an environment variable becomes a value. */
export type SettingKind = 'text' | 'integer' | 'decimal' | 'boolean' | 'list';

/** What is declared of one setting beside its checks. */
export interface SettingDeclaration {
  /** The member of the class, camelCase. */
  readonly member: string;
  /** The environment variable, `BANGUI_…`. */
  readonly name: string;
  readonly kind: SettingKind;
  /** The text that stands for an unset variable; undefined when the setting is then absent. */
  readonly fallback: string | undefined;
  /** What it does, for the generated reference: whole sentences. */
  readonly about: string;
  /** True when an empty value means something else than an unset one. */
  readonly keepsEmpty: boolean;
  /** True for values that must not be shown. */
  readonly isSecret: boolean;
}

/** Arguments of {@link Setting}. */
export interface SettingOptions {
  readonly about: string;
  readonly fallback?: string;
  readonly keepsEmpty?: boolean;
  readonly isSecret?: boolean;
}

const declarations = new WeakMap<object, SettingDeclaration[]>();

/** `databasePath` is read from `BANGUI_DATABASE_PATH`. */
function environmentName(member: string): string {
  return `BANGUI_${member.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Declares that a member is read from the environment variable of its name. */
export function Setting(kind: SettingKind, options: SettingOptions): PropertyDecorator {
  return (prototype, key) => {
    const member = String(key);
    const known = declarations.get(prototype) ?? [];
    declarations.set(prototype, [
      ...known,
      {
        member,
        name: environmentName(member),
        kind,
        fallback: options.fallback,
        about: options.about,
        keepsEmpty: options.keepsEmpty ?? false,
        isSecret: options.isSecret ?? false,
      },
    ]);
  };
}

/** The declared settings of a class, in the order of its members. */
export function settingsOf(type: { prototype: object }): readonly SettingDeclaration[] {
  return declarations.get(type.prototype) ?? [];
}
