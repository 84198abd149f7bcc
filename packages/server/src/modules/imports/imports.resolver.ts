import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { RealmCtx } from '../../kernel/context.js';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  CreateDirectoryImportInput,
  CreateDirectoryImportPayload,
  DeleteDirectoryImportPayload,
  DirectoryImportActionInput,
  DirectoryImportPayload,
} from './imports.inputs.js';
import {
  DirectoryImport,
  DirectoryImportConnection,
  type DirectoryImportRow,
  DirectoryImportRowConnection,
  presentImport,
  presentLine,
  RowsArgs,
} from './imports.object.js';
import type { ImportRow } from './imports.service.js';

@Resolver(() => Realm)
export class RealmImportsResolver {
  @FieldResolver(() => DirectoryImportConnection, { description: 'The newest first. Needs identities:read.' })
  async directoryImports(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<DirectoryImport>> {
    const page = await graph.services.imports.list(await graph.enter(realm.id), args);
    return toConnection(page, presentImport);
  }

  @FieldResolver(() => DirectoryImport, { nullable: true, description: 'Needs identities:read.' })
  async directoryImport(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<DirectoryImport | null> {
    const row = await graph.services.imports.find(await graph.enter(realm.id), id);
    return row ? presentImport(row) : null;
  }
}

@Resolver(() => DirectoryImport)
export class DirectoryImportsResolver {
  @FieldResolver(() => DirectoryImportRowConnection, {
    description: 'The report, in the order of the file. Needs identities:read.',
  })
  async rows(
    @Root() of: DirectoryImport,
    @Ctx() graph: GraphContext,
    @Args(() => RowsArgs) args: RowsArgs,
  ): Promise<Connection<DirectoryImportRow>> {
    const ctx = await graph.enter(of.row.realm_id);
    const page = await graph.services.imports.rows(ctx, of.row, args.status ?? undefined, args);
    return toConnection(page, presentLine(of.row));
  }

  @Mutation(() => CreateDirectoryImportPayload, {
    description:
      'Needs identities:create, for UPSERT identities:update too, and groups:update where groups are mapped.',
  })
  createDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateDirectoryImportInput) input: CreateDirectoryImportInput,
  ): Promise<CreateDirectoryImportPayload> {
    return payload(async () => {
      const { realmId, ...wanted } = input;
      const row = await graph.services.imports.create(await graph.enter(realmId), wanted);
      return { directoryImport: presentImport(row), uploadUrl: graph.services.imports.uploadUrl(row) };
    });
  }

  @Mutation(() => DirectoryImportPayload, {
    description:
      'Says of each line what a run would make of it, and changes nothing. Needs what creating it needs.',
  })
  checkDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DirectoryImportPayload> {
    return acted(graph, input, graph.services.imports.check);
  }

  @Mutation(() => DirectoryImportPayload, {
    description:
      'Each line is done whole or not at all, in the name of the caller. Needs what creating it needs.',
  })
  runDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DirectoryImportPayload> {
    return acted(graph, input, graph.services.imports.run);
  }

  @Mutation(() => DirectoryImportPayload, { description: 'Needs identities:create.' })
  pauseDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DirectoryImportPayload> {
    return acted(graph, input, graph.services.imports.pause);
  }

  @Mutation(() => DirectoryImportPayload, {
    description: 'Goes on where it paused, in the name of the caller. Needs what creating it needs.',
  })
  resumeDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DirectoryImportPayload> {
    return acted(graph, input, graph.services.imports.resume);
  }

  @Mutation(() => DirectoryImportPayload, {
    description: 'What was done stays; no line is begun after the answer. Needs identities:create.',
  })
  cancelDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DirectoryImportPayload> {
    return acted(graph, input, graph.services.imports.cancel);
  }

  @Mutation(() => DeleteDirectoryImportPayload, {
    description: 'With its file and its report. Needs identities:create.',
  })
  deleteDirectoryImport(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DirectoryImportActionInput) input: DirectoryImportActionInput,
  ): Promise<DeleteDirectoryImportPayload> {
    return payload(async () => {
      const row = await graph.services.imports.remove(await graph.enter(input.realmId), input);
      return { deletedDirectoryImportId: row.id };
    });
  }
}

const acted = (
  graph: GraphContext,
  input: DirectoryImportActionInput,
  act: (ctx: RealmCtx, input: unknown) => Promise<ImportRow>,
): Promise<DirectoryImportPayload> =>
  payload(async () => ({
    directoryImport: presentImport(await act(await graph.enter(input.realmId), input)),
  }));
