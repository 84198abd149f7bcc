import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page, PageArgs } from '../../kernel/page.js';

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;
  @Field(() => Boolean)
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true })
  startCursor!: string | null;
  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** Forward only: for lists inside lists. */
@ArgsType()
export class FirstArgs implements PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, 1 to 200; 50 unless said.' })
  first?: number | null;
  @Field(() => String, { nullable: true })
  after?: string | null;
}

@ArgsType()
export class ConnectionArgs extends FirstArgs {
  @Field(() => Int, { nullable: true })
  last?: number | null;
  @Field(() => String, { nullable: true })
  before?: string | null;
}

@ArgsType()
export class SearchArgs extends ConnectionArgs {
  @Field(() => String, { nullable: true, description: 'What a person typed into a search box.' })
  query?: string | null;
}

export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: PageInfo;
}

/** Relay's connection type of a node type (GraphQL Cursor Connections). */
export function connectionOf<T extends object>(node: ClassType<T>, name: string): ClassType<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String)
    cursor!: string;
    @Field(() => node)
    node!: T;
  }
  @ObjectType(`${name}Connection`)
  class ConnectionType {
    @Field(() => [Edge])
    edges!: Edge[];
    @Field(() => [node])
    nodes!: T[];
    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return ConnectionType;
}

export function toConnection<Row, T>(page: Page<Row>, present: (row: Row) => T): Connection<T> {
  const edges = page.items.map((item) => ({ cursor: item.cursor, node: present(item.node) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
