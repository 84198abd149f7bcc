import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { parseInput } from '../../kernel/command.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import { previewInput } from './rules.js';
import {
  LogoSchemes,
  MailTemplates,
  presentPreview,
  presentTheme,
  ThemeObject,
  ThemePreviewObject,
} from './themes.object.js';
import type { MailTemplate } from './themes.types.js';

@InputType()
class MailSubjectInput {
  @Field(() => MailTemplates)
  template!: MailTemplate;
  @Field(() => String, { nullable: true, description: 'At most 200 characters; null: our own words.' })
  subject?: string | null;
}

@InputType({ description: 'What is not said stays as it is; null takes away what may be absent.' })
class UpdateThemeInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String, { nullable: true, description: 'At most 100 characters.' })
  displayName?: string | null;
  @Field(() => String, { nullable: true })
  supportEmail?: string | null;
  @Field(() => String, { nullable: true, description: 'Begins with https://.' })
  supportUrl?: string | null;
  @Field(() => String, { nullable: true, description: 'As #rrggbb.' })
  primaryColor?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'As #rrggbb; refused where dark text could not be read on it.',
  })
  backgroundLight?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'As #rrggbb; refused where light text could not be read on it.',
  })
  backgroundDark?: string | null;
  @Field(() => String, { nullable: true })
  logoAlt?: string | null;
  @Field(() => [MailSubjectInput], { nullable: true, description: 'Only those that change.' })
  mailSubjects?: MailSubjectInput[] | null;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@InputType()
class UploadThemeLogoInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => LogoSchemes)
  scheme!: 'LIGHT' | 'DARK';
  @Field(() => String, {
    description: 'A PNG, JPEG or WebP image in base64: at most 256 KB, and 2,048 pixels a side.',
  })
  image!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@InputType()
class RemoveThemeLogoInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => LogoSchemes)
  scheme!: 'LIGHT' | 'DARK';
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
class ThemePayload {
  @Field(() => ThemeObject, { nullable: true })
  theme?: ThemeObject | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ArgsType()
class PreviewArgs {
  @Field(() => String, { nullable: true, description: 'As #rrggbb; the saved one unless said.' })
  primaryColor?: string | null;
  @Field(() => String, { nullable: true, description: 'As #rrggbb; the saved one unless said.' })
  backgroundLight?: string | null;
  @Field(() => String, { nullable: true, description: 'As #rrggbb; the saved one unless said.' })
  backgroundDark?: string | null;
}

@Resolver(() => Realm)
export class RealmThemeResolver {
  @FieldResolver(() => ThemeObject, { description: 'Needs themes:read.' })
  async theme(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<ThemeObject> {
    return presentTheme(await graph.services.themes.get(await graph.enter(realm.id)));
  }
}

@Resolver(() => ThemeObject)
export class ThemesResolver {
  @FieldResolver(() => ThemePreviewObject, { description: 'How well colours are told apart; saves nothing.' })
  preview(@Root() theme: ThemeObject, @Args(() => PreviewArgs) args: PreviewArgs): ThemePreviewObject {
    const wanted = parseInput(previewInput, args);
    return presentPreview({
      primaryColor: wanted.primaryColor ?? theme.primaryColor,
      backgroundLight: wanted.backgroundLight ?? theme.backgroundLight,
      backgroundDark: wanted.backgroundDark ?? theme.backgroundDark,
    });
  }

  @Mutation(() => ThemePayload, { description: 'Needs themes:update.' })
  updateTheme(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateThemeInput) input: UpdateThemeInput,
  ): Promise<ThemePayload> {
    return payload(async () => ({
      theme: presentTheme(await graph.services.themes.update(await graph.enter(input.realmId), input)),
    }));
  }

  @Mutation(() => ThemePayload, { description: 'Needs themes:update.' })
  uploadThemeLogo(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UploadThemeLogoInput) input: UploadThemeLogoInput,
  ): Promise<ThemePayload> {
    return payload(async () => ({
      theme: presentTheme(await graph.services.themes.uploadLogo(await graph.enter(input.realmId), input)),
    }));
  }

  @Mutation(() => ThemePayload, { description: 'Needs themes:update.' })
  removeThemeLogo(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RemoveThemeLogoInput) input: RemoveThemeLogoInput,
  ): Promise<ThemePayload> {
    return payload(async () => ({
      theme: presentTheme(await graph.services.themes.removeLogo(await graph.enter(input.realmId), input)),
    }));
  }
}
