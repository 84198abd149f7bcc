import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { type Colours, type ContrastPair, contrastsOf, paletteOf } from './contrast.js';
import { MAIL_TEMPLATES } from './rules.js';
import type { Logo, MailTemplate, Theme } from './themes.types.js';

export const MailTemplates = Object.fromEntries(MAIL_TEMPLATES.map((name) => [name, name])) as {
  [T in MailTemplate]: T;
};
registerEnumType(MailTemplates, { name: 'MailTemplate', description: 'What a mail to a person is about.' });

export const LogoSchemes = { LIGHT: 'LIGHT', DARK: 'DARK' } as const;
registerEnumType(LogoSchemes, {
  name: 'LogoScheme',
  description: 'Whether a page is shown dark on light or light on dark.',
});

const Pairs: { [P in ContrastPair]: P } = {
  TEXT_ON_PRIMARY: 'TEXT_ON_PRIMARY',
  TEXT_ON_BACKGROUND_LIGHT: 'TEXT_ON_BACKGROUND_LIGHT',
  TEXT_ON_BACKGROUND_DARK: 'TEXT_ON_BACKGROUND_DARK',
  PRIMARY_ON_BACKGROUND_LIGHT: 'PRIMARY_ON_BACKGROUND_LIGHT',
  PRIMARY_ON_BACKGROUND_DARK: 'PRIMARY_ON_BACKGROUND_DARK',
};
registerEnumType(Pairs, { name: 'ContrastPair', description: 'What is seen on what.' });

@ObjectType('ThemeLogo')
class ThemeLogoObject {
  @Field(() => String, {
    description: 'On the address of the realm, public; another image has another path.',
  })
  path!: string;
  @Field(() => Int, { description: 'In pixels.' })
  width!: number;
  @Field(() => Int, { description: 'In pixels.' })
  height!: number;
}

@ObjectType('MailSubject')
class MailSubjectObject {
  @Field(() => MailTemplates)
  template!: MailTemplate;
  @Field(() => String)
  subject!: string;
}

@ObjectType('ThemeContrast', { description: 'How well one colour is told from another (WCAG 2.2).' })
class ThemeContrastObject {
  @Field(() => Pairs)
  pair!: ContrastPair;
  @Field(() => String)
  foreground!: string;
  @Field(() => String)
  background!: string;
  @Field(() => Float, { description: '1 to 21, rounded down to two places.' })
  ratio!: number;
  @Field(() => Float, { description: '4.5 for text, 3 for what a control is recognised by.' })
  required!: number;
  @Field(() => Boolean)
  passes!: boolean;
  @Field(() => String, { description: 'The nearest colour that passes: itself where it does.' })
  nearest!: string;
}

@ObjectType('ThemeScheme', { description: 'What a hosted page wears.' })
class ThemeSchemeObject {
  @Field(() => String)
  background!: string;
  @Field(() => String, {
    description: 'The primary colour, or its nearest shade that can be told from the background.',
  })
  accent!: string;
  @Field(() => String)
  onAccent!: string;
}

@ObjectType('ThemePreview', { description: 'What colours would look like, before they are saved.' })
export class ThemePreviewObject {
  @Field(() => ThemeSchemeObject)
  light!: ThemeSchemeObject;
  @Field(() => ThemeSchemeObject)
  dark!: ThemeSchemeObject;
  @Field(() => [ThemeContrastObject])
  contrasts!: readonly ThemeContrastObject[];
}

@ObjectType('Theme', { description: 'How a realm looks to its people: hosted pages and mails.' })
export class ThemeObject {
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  supportEmail!: string | null;
  @Field(() => String, { nullable: true })
  supportUrl!: string | null;
  @Field(() => String, { description: 'As #rrggbb.' })
  primaryColor!: string;
  @Field(() => String, { description: 'As #rrggbb.' })
  backgroundLight!: string;
  @Field(() => String, { description: 'As #rrggbb.' })
  backgroundDark!: string;
  @Field(() => String, {
    nullable: true,
    description: 'For who does not see the logo; null: the display name.',
  })
  logoAlt!: string | null;
  @Field(() => ThemeLogoObject, { nullable: true })
  logoLight!: Logo | null;
  @Field(() => ThemeLogoObject, {
    nullable: true,
    description: 'Where a realm has only one logo, it is shown in both schemes.',
  })
  logoDark!: Logo | null;
  @Field(() => [MailSubjectObject], { description: 'Those that the realm words itself, in one language.' })
  mailSubjects!: MailSubjectObject[];
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
}

export const presentTheme = (theme: Theme): ThemeObject => ({
  ...theme,
  mailSubjects: MAIL_TEMPLATES.flatMap((template) => {
    const subject = theme.mailSubjects[template];
    return subject === undefined ? [] : [{ template, subject }];
  }),
});

export const presentPreview = (colours: Colours): ThemePreviewObject => ({
  ...paletteOf(colours),
  contrasts: contrastsOf(colours),
});
