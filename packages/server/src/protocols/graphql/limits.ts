import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface Limits {
  /** Levels of fields. */
  readonly depth: number;
  /** Fields asked for, each multiplied by the page sizes above it. */
  readonly cost: number;
}

const DEFAULT_PAGE = 50;

/** Refuses an operation that is too deep or could return too much, before anything of it runs. */
export function limits(max: Limits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const introspective = node.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
      );
      if (introspective) return;
      const measure = new Measure(context, max);
      measure.walk(node.selectionSet, 1, 1, new Set());
      if (measure.fault)
        context.reportError(new GraphQLError(measure.fault, { extensions: { tooLarge: true } }));
    },
  });
}

class Measure {
  fault: string | undefined;
  private cost = 0;

  constructor(
    private readonly context: ValidationContext,
    private readonly max: Limits,
  ) {}

  walk(set: SelectionSetNode, depth: number, factor: number, open: ReadonlySet<string>): void {
    for (const selection of set.selections) {
      if (this.fault) return;
      if (selection.kind === Kind.FIELD) this.field(selection, depth, factor, open);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        this.walk(selection.selectionSet, depth, factor, open);
      else this.spread(this.context.getFragment(selection.name.value), depth, factor, open);
    }
  }

  private spread(
    fragment: FragmentDefinitionNode | null | undefined,
    depth: number,
    factor: number,
    open: ReadonlySet<string>,
  ) {
    if (!fragment || open.has(fragment.name.value)) return;
    this.walk(fragment.selectionSet, depth, factor, new Set([...open, fragment.name.value]));
  }

  private field(node: FieldNode, depth: number, factor: number, open: ReadonlySet<string>): void {
    this.cost += factor;
    if (depth > this.max.depth) this.fault = `A query may be ${this.max.depth} levels deep.`;
    else if (this.cost > this.max.cost)
      this.fault = 'This query could return too much. Ask for smaller pages or fewer fields.';
    else if (node.selectionSet) this.walk(node.selectionSet, depth + 1, factor * pageSize(node), open);
  }
}

/** A page size in a variable is bounded by the page limit; only a literal can be smaller than the default. */
function pageSize(node: FieldNode): number {
  const argument = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
  if (argument?.value.kind === Kind.INT) return Math.max(1, Number(argument.value.value));
  const paged = node.selectionSet?.selections.some(
    (selection) =>
      selection.kind === Kind.FIELD && ['nodes', 'edges', 'pageInfo'].includes(selection.name.value),
  );
  return argument || paged ? DEFAULT_PAGE : 1;
}
