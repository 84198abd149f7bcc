import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { MAX_PAGE } from '../../kernel/page.js';

export interface Limits {
  /** Levels of fields. */
  readonly depth: number;
  /** Selections, each multiplied by the page sizes above it. */
  readonly cost: number;
}

/** The whole schema asked for once has about 100 selections, 14 levels deep. */
const INTROSPECTION: Limits = { depth: 20, cost: 250 };
const INTROSPECTIONS = 2;

/** Refuses an operation that is too deep or could return too much, before anything of it runs. */
export function limits(max: Limits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const measure = new Measure(context, max);
      const root = context.getSchema().getRootType(node.operation);
      measure.walk(node.selectionSet, root ?? undefined, 1, 1, new Set());
      if (measure.fault)
        context.reportError(new GraphQLError(measure.fault, { extensions: { tooLarge: true } }));
    },
  });
}

class Measure {
  fault: string | undefined;
  private cost = 0;
  private introspections = 0;

  constructor(
    private readonly context: ValidationContext,
    private readonly max: Limits,
  ) {}

  /** Every selection is paid for as it is visited, so that no document costs more time than its budget. */
  walk(
    set: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    depth: number,
    factor: number,
    open: ReadonlySet<string>,
  ): void {
    for (const selection of set.selections) {
      this.pay(factor);
      if (this.fault) return;
      if (selection.kind === Kind.FIELD) this.field(selection, parent, depth, factor, open);
      else this.fragment(selection, parent, depth, factor, open);
    }
  }

  private fragment(
    selection: Exclude<SelectionNode, FieldNode>,
    parent: GraphQLNamedType | undefined,
    depth: number,
    factor: number,
    open: ReadonlySet<string>,
  ): void {
    const schema = this.context.getSchema();
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const type = condition === undefined ? parent : schema.getType(condition);
      this.walk(selection.selectionSet, type, depth, factor, open);
      return;
    }
    const found: FragmentDefinitionNode | null | undefined = this.context.getFragment(selection.name.value);
    if (!found || open.has(found.name.value)) return;
    const type = schema.getType(found.typeCondition.name.value);
    this.walk(found.selectionSet, type, depth, factor, new Set([...open, found.name.value]));
  }

  private field(
    node: FieldNode,
    parent: GraphQLNamedType | undefined,
    depth: number,
    factor: number,
    open: ReadonlySet<string>,
  ): void {
    if (node.name.value === '__schema' || node.name.value === '__type') this.introspect(node);
    else if (depth > this.max.depth) this.fault = `A query may be ${this.max.depth} levels deep.`;
    else if (node.selectionSet) {
      const definition = definitionOf(parent, node.name.value);
      const type = definition && getNamedType(definition.type);
      this.walk(node.selectionSet, type, depth + 1, factor * pageSize(node, definition), open);
    }
  }

  /** The schema about itself: deeper than other queries, wanted once, and small. */
  private introspect(node: FieldNode): void {
    this.introspections += 1;
    if (this.introspections > INTROSPECTIONS) this.fault = 'Ask for the schema once in a query.';
    if (this.fault || !node.selectionSet) return;
    const inner = new Measure(this.context, INTROSPECTION);
    inner.walk(node.selectionSet, undefined, 1, 1, new Set());
    this.fault = inner.fault;
  }

  private pay(factor: number): void {
    this.cost += factor;
    if (this.cost > this.max.cost)
      this.fault = 'This query could return too much. Ask for smaller pages or fewer fields.';
  }
}

const definitionOf = (
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;

const DEFAULT_PAGE = 50;

/** Whether a field is paged its definition says; a size in a variable can be the largest. */
function pageSize(node: FieldNode, definition: GraphQLField<unknown, unknown> | undefined): number {
  if (!definition?.args.some(({ name }) => name === 'first')) return 1;
  const size = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
  if (!size) return DEFAULT_PAGE;
  return size.value.kind === Kind.INT ? Math.max(1, Number(size.value.value)) : MAX_PAGE;
}
